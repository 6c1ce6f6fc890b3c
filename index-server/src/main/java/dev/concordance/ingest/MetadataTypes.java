package dev.concordance.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.UnreadableDocument;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Checks a document's metadata against the declared fields, so that Elasticsearch has nothing to refuse. */
final class MetadataTypes {
    private static final int LONGEST_KEYWORD = 8_000;
    private static final int LONGEST = 32_000;

    private MetadataTypes() {}

    static void check(List<MetadataField> declared, Map<String, Object> metadata) throws UnreadableDocument {
        for (var field : declared) {
            var value = metadata.get(field.name());
            var values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            for (var one : values) {
                if (!fits(field.type(), one)) {
                    throw new UnreadableDocument(
                            QuarantineReason.BadMetadata,
                            "its metadata %s is no %s, which the Corpus declares: correct the document or the declaration"
                                    .formatted(field.name(), field.type().name().toLowerCase(Locale.ROOT)));
                }
            }
        }
    }

    /** The metadata in a form that is the same for the same values; throws if it is too much to be kept with each chunk. */
    static String canonical(Map<String, Object> metadata) throws UnreadableDocument {
        try {
            var json = ManifestJson.mapper().writeValueAsString(new TreeMap<>(metadata));
            if (json.length() > LONGEST) {
                throw new UnreadableDocument(
                        QuarantineReason.BadMetadata,
                        "its metadata has %d characters, and %d at most are kept with each passage: declare fewer fields"
                                .formatted(json.length(), LONGEST));
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new UnreadableDocument(
                    QuarantineReason.BadMetadata, "its metadata can't be written as JSON: correct the document");
        }
    }

    private static boolean fits(MetadataField.Type type, Object value) {
        return switch (type) {
            case KEYWORD -> !(value instanceof Map) && value.toString().length() <= LONGEST_KEYWORD;
            case LONG -> isLong(value);
            case DOUBLE -> isDouble(value);
            case BOOLEAN -> value instanceof Boolean || "true".equals(value) || "false".equals(value);
            case DATE -> value instanceof Integer || value instanceof Long || isDate(value.toString());
        };
    }

    private static boolean isLong(Object value) {
        try {
            return !(value instanceof Map) && Long.toString(Long.parseLong(value.toString())) != null;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isDouble(Object value) {
        try {
            return !(value instanceof Map) && Double.isFinite(Double.parseDouble(value.toString()));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isDate(String value) {
        try {
            var parsed = DateTimeFormatter.ISO_DATE.parseBest(
                    value.substring(0, Math.min(10, value.length())), LocalDate::from, LocalDate::from);
            return parsed != null && (value.length() <= 10 || DateTimeFormatter.ISO_DATE_TIME.parse(value) != null);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
