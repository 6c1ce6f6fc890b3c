package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reads documents in place of the built-in parsers. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentParser(
        @JsonPropertyDescription("A service that speaks as docling-serve does (POST url/v1/convert/file).")
        @Required
        @Nullable
        Remote remote) {
    static final int MAX_FORMATS = 5;
    static final int MAX_LANGUAGES = 16;
    static final int MAX_LANGUAGE = 32;
    static final int MAX_CONCURRENT = 8;

    /** A service that reads documents. */
    @ValidationRule(
            value = Rules.NO_CREDENTIALS,
            message =
                    "take the credentials out of the URL: everyone who may read this object sees them; put the key into a"
                            + " Secret and name it in credentialsSecretRef",
            fieldPath = ".url")
    @ValidationRule(
            value = "!has(self.caConfigMapRef) || self.url.startsWith('https://')",
            message = "caConfigMapRef is only of use with an https URL: write one, or take it out",
            fieldPath = ".caConfigMapRef")
    @ValidationRule(
            value = "!has(self.ocr) || !has(self.formats) || self.formats.exists(format, format in ['PDF', 'Image'])",
            message = "words are read in pictures of PDF and Image alone: add one of them to formats, or take ocr out",
            fieldPath = ".ocr")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Remote(
            @JsonPropertyDescription(
                    "URL below which /v1/convert/file is, http or https, without credentials. Documents are sent there;"
                            + " redirects are not followed. Example: http://docling.parsers.svc:5001")
            @Required
            @Size(min = 1, max = Rules.MAX_URL)
            @ValidationRule(
                    value = "self.matches('^https?://[^/?#[:space:]]+(/[^?#[:space:]]*)?$')",
                    message =
                            "write an http or https URL without query and fragment, such as http://docling.parsers.svc:5001")
            @Nullable
            String url,

            @JsonPropertyDescription(
                    "Documents that are sent there, of PDF, Image (PNG, JPEG, TIFF, BMP, WebP), DOCX, PPTX and XLSX; others"
                            + " are read as without it. PDF and Image are told by their content, the others by their names too."
                            + " Default: [PDF, Image].")
            @Size(min = 1, max = MAX_FORMATS)
            @ValidationRule(
                    value = "self.all(format, format in ['PDF', 'Image', 'DOCX', 'PPTX', 'XLSX'])",
                    message = "write formats of PDF, Image, DOCX, PPTX and XLSX")
            @Nullable
            List<@Size(max = Rules.MAX_FIELD) String> formats,

            @JsonPropertyDescription("How words in pictures are read; only with PDF or Image among formats.") @Nullable
            Ocr ocr,

            @JsonPropertyDescription(
                    "Change it when the service reads documents in another way, such as after an update: the index is"
                            + " rebuilt then, beside the live one. Default: none.")
            @Size(max = Rules.MAX_FIELD)
            @Nullable
            String revision,

            @JsonPropertyDescription(
                    "Secret with apiKey, which is sent as X-Api-Key. Default: none, requests have no credentials.")
            @Nullable
            LocalReference credentialsSecretRef,

            @JsonPropertyDescription(
                    "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's; only with an"
                            + " https URL. Default key: ca.crt.")
            @Nullable
            KeyReference caConfigMapRef,

            @JsonPropertyDescription("What the service is asked for at a time.") @Nullable
            Limits limits) {}

    /** How words in pictures are read. */
    @ValidationRule(
            value = "!has(self.languages) || !has(self.mode) || self.mode != 'Never'",
            message = "languages are only of use where words are read: take them out, or write mode Auto or Always",
            fieldPath = ".languages")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ocr(
            @JsonPropertyDescription(
                    "Auto: words in pictures are read where a page has no text. Always: all pages are read as pictures, for"
                            + " files whose text is wrong. Never: pictures hold no words. Default: Auto.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(value = "self in ['Auto', 'Always', 'Never']", message = "write Auto, Always or Never")
            @Nullable
            String mode,

            @JsonPropertyDescription(
                    "Languages of the words, at most 16, in the codes of the service's OCR engine. Default: what the"
                            + " service takes. Example: [en, de]")
            @Size(max = MAX_LANGUAGES)
            @ValidationRule(
                    value = "self.all(language, language.matches('^[A-Za-z][-_A-Za-z0-9]*$'))",
                    message = "write codes of languages, such as en, deu or zh-Hans")
            @Nullable
            List<@Size(min = 1, max = MAX_LANGUAGE) String> languages) {}

    /** What the service is asked for at a time. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @JsonPropertyDescription(
                    "Documents under way at a time, 1 to 8; runs of the corpus share them. Default: 2.")
            @Min(1)
            @Max(MAX_CONCURRENT)
            @Nullable
            Integer concurrentRequests,

            @JsonPropertyDescription(
                    "Longest time for one document, at most 60m: a number and a unit (ms, s, m). The service has to wait as long"
                            + " (DOCLING_SERVE_MAX_SYNC_WAIT). Default: 2m.")
            @Size(max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(value = RemoteModel.TIMEOUT, message = RemoteModel.TIMEOUT_MESSAGE)
            @ValidationRule(
                    value = "!self.matches('^[1-9][0-9]{0,5}(ms|s|m)$') || duration(self) <= duration('60m')",
                    message = "write at most 60m")
            @Nullable
            String requestTimeout) {}
}
