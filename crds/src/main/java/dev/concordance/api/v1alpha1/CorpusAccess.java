package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Who may see which document. */
@ValidationRule(
        value = "has(self.mode) && self.mode == 'DocumentLevel' || !has(self.field) && !has(self.file) &&"
                + " !has(self.syncInterval) && !has(self.maxStaleness)",
        message = "field, file, syncInterval and maxStaleness are only of use with mode: DocumentLevel: write that,"
                + " or take them out",
        fieldPath = ".mode")
@ValidationRule(
        value = "!has(self.syncInterval) || !has(self.maxStaleness) || duration(self.maxStaleness) >"
                + " duration(self.syncInterval)",
        message = "write a maxStaleness above syncInterval: no search is answered by access lists that are older",
        fieldPath = ".maxStaleness")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusAccess(
        @JsonPropertyDescription(
                "Public: everybody who may search the corpus sees all documents. DocumentLevel: each document is"
                        + " seen by the principals that its source names, such as user:alice or group:staff, or by"
                        + " everyone; one that names nobody is seen by nobody. Default: Public.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['Public', 'DocumentLevel']", message = "write Public or DocumentLevel")
        @Nullable
        String mode,

        @JsonPropertyDescription(
                "Field with a document's principals: of its front matter, of a JSON line, or a column of"
                        + " jdbc.query. Default: access.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(
                value = "self.matches('^[A-Za-z_][A-Za-z0-9_]*$')",
                message = "write letters, digits and underscores, with no digit first")
        @Nullable
        String field,

        @JsonPropertyDescription(
                "Path of a file in each source of files, whose rules say by path who may see a document. The"
                        + " documents themselves say nothing then, but for rows and JSON lines. Default: none."
                        + " Example: .access.yaml")
        @Size(min = 1, max = Rules.MAX_FIELD)
        @ValidationRule(
                value = "!self.matches('^[.]{0,2}/|(^|/)[.][.](/|$)|/$')",
                message = "write a path within the source, without a leading / or ./ and without ..")
        @Nullable
        String file,

        @JsonPropertyDescription(
                "Longest time between two readings of the access lists, and with them of the sources: a number and"
                        + " a unit (s, m, h), at least 10s; below 1m the sources are followed, see ingestion.mode. Default: as"
                        + " freshness wants it.")
        @Size(max = CorpusSpec.MAX_NUMBER)
        @ValidationRule(value = ACCESS_TIME, message = ACCESS_TIME_MESSAGE)
        @Nullable
        String syncInterval,

        @JsonPropertyDescription(
                "Age of the access lists above which no search is answered: a number and a unit (s, m, h), at least"
                        + " 10s; below 1m the sources are followed. Default: 1h, or twice the time between two readings where that is longer.")
        @Size(max = CorpusSpec.MAX_NUMBER)
        @ValidationRule(value = ACCESS_TIME, message = ACCESS_TIME_MESSAGE)
        @Nullable
        String maxStaleness) {
    static final String ACCESS_TIME = "self.matches('^[1-9][0-9]{0,4}(s|m|h)$') && duration(self) >= duration('10s')";
    static final String ACCESS_TIME_MESSAGE = "write a number and a unit (s, m, h), at least 10s, such as 90s or 5m";
}
