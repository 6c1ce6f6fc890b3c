package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept out of an index, or marked in it. */
@JsonClassDescription(
        "What is looked for in each document, by kind, and what is done about it. Redact: a placeholder such as"
                + " [EMAIL] takes its place. Quarantine: the document isn't indexed. Signal: the passages that it is in are marked.")
@ValidationRule(value = PrivacyTransforms.NOT_EMPTY, message = PrivacyTransforms.NOT_EMPTY_MESSAGE)
@ValidationRule(
        value = "!has(self.phoneRegions) || has(self.phone)",
        message = "phoneRegions are for phone: set phone to Redact or Quarantine, or leave phoneRegions out",
        fieldPath = ".phoneRegions")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PrivacyTransforms(
        @JsonPropertyDescription("E-mail addresses: Redact or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.KEPT_OUT, message = PrivacyTransforms.KEPT_OUT_MESSAGE)
        @Nullable
        String email,

        @JsonPropertyDescription(
                "Phone numbers with a country code, and those of phoneRegions without: Redact or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.KEPT_OUT, message = PrivacyTransforms.KEPT_OUT_MESSAGE)
        @Nullable
        String phone,

        @JsonPropertyDescription(
                "Countries whose phone numbers are known without a country code too, by two letters (ISO"
                        + " 3166-1). Default: none. Example: [DE, AT]")
        @Size(min = 1, max = PrivacyTransforms.MAX_REGIONS)
        @ValidationRule(
                value = "self.all(region, region.matches('^[A-Z][A-Z]$'))",
                message = "write each country by two capital letters, such as DE")
        @Nullable
        List<@Size(max = PrivacyTransforms.REGION) String> phoneRegions,

        @JsonPropertyDescription("Numbers of payment cards: Redact or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.KEPT_OUT, message = PrivacyTransforms.KEPT_OUT_MESSAGE)
        @Nullable
        String card,

        @JsonPropertyDescription("International bank account numbers: Redact or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.KEPT_OUT, message = PrivacyTransforms.KEPT_OUT_MESSAGE)
        @Nullable
        String iban,

        @JsonPropertyDescription(
                "Numbers by which countries know persons; docs/privacy.md lists them: Redact or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.KEPT_OUT, message = PrivacyTransforms.KEPT_OUT_MESSAGE)
        @Nullable
        String nationalId,

        @JsonPropertyDescription("Private keys, access tokens and passwords: Redact or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.KEPT_OUT, message = PrivacyTransforms.KEPT_OUT_MESSAGE)
        @Nullable
        String secret,

        @JsonPropertyDescription("Text that a reader doesn't see: Signal or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.MARKED, message = PrivacyTransforms.MARKED_MESSAGE)
        @Nullable
        String hiddenText,

        @JsonPropertyDescription(
                "Text that speaks to a language model instead of a reader: Signal or Quarantine. Default: neither.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = PrivacyTransforms.MARKED, message = PrivacyTransforms.MARKED_MESSAGE)
        @Nullable
        String instructionInjection) {
    static final int MAX_REGIONS = 16;
    static final int REGION = 2;

    static final String NOT_EMPTY = "has(self.email) || has(self.phone) || has(self.card) || has(self.iban)"
            + " || has(self.nationalId) || has(self.secret) || has(self.hiddenText) || has(self.instructionInjection)";
    static final String NOT_EMPTY_MESSAGE = "say what to look for, such as email: Redact, or leave privacy out";

    static final String KEPT_OUT = "self in ['Redact', 'Quarantine']";
    static final String KEPT_OUT_MESSAGE = "write Redact or Quarantine";

    static final String MARKED = "self in ['Signal', 'Quarantine']";
    static final String MARKED_MESSAGE = "write Signal or Quarantine";
}
