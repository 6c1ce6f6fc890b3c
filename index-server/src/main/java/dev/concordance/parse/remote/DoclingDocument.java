package dev.concordance.parse.remote;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * As much of Docling's JSON (docling-core, {@code DoclingDocument}) as is read: items of some kinds, and a tree that refers to
 * them in the order of reading. Whatever is missing is nothing.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record DoclingDocument(
        @Nullable Node body,
        @Nullable List<Node> texts,
        @Nullable List<Node> groups,
        @Nullable List<Node> tables,
        @Nullable List<Node> pictures,

        @JsonProperty("key_value_items") @Nullable List<Node> keyValues,

        @JsonProperty("form_items") @Nullable List<Node> forms) {

    /** The answer around it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Answer(@Nullable Content document) {}

    /** The forms of a document in an answer. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Content(@JsonProperty("json_content") @Nullable DoclingDocument json) {}

    /** An item or a group. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Node(
            @Nullable String label,
            @Nullable String name,
            @Nullable String text,
            @Nullable String marker,
            @Nullable Integer level,

            @JsonProperty("content_layer") @Nullable String layer,

            @JsonProperty("prov") @Nullable List<Place> places,

            @Nullable List<Reference> captions,
            @Nullable List<Reference> children,
            @Nullable Table data) {
        String labelled() {
            return label == null ? "" : label;
        }

        String words() {
            return text == null ? "" : text;
        }

        /** The page that it begins on; 0: it says none. */
        int page() {
            return places == null || places.isEmpty() ? 0 : places.getFirst().page();
        }

        /** What belongs to it, captions first. */
        List<Reference> parts() {
            var parts = new ArrayList<Reference>();
            parts.addAll(captions == null ? List.of() : captions);
            parts.addAll(children == null ? List.of() : children);
            return parts;
        }
    }

    /** Where an item is. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Place(@JsonProperty("page_no") int page) {}

    /** A pointer such as {@code #/texts/12}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Reference(@JsonProperty("$ref") @Nullable String pointer) {}

    /** The cells of a table. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Table(@JsonProperty("table_cells") @Nullable List<Cell> cells) {}

    /** A cell, which may reach over others. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Cell(
            @Nullable String text,

            @JsonProperty("start_row_offset_idx") int row,

            @JsonProperty("start_col_offset_idx") int column) {}

    /** What a pointer points to. */
    Optional<Node> find(Reference reference) {
        var pointer = reference.pointer() == null ? "" : reference.pointer();
        var parts = pointer.split("/", -1);
        if (parts.length != 3 || !parts[0].equals("#") || !parts[2].matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        var items = switch (parts[1]) {
            case "texts" -> texts;
            case "groups" -> groups;
            case "tables" -> tables;
            case "pictures" -> pictures;
            case "key_value_items" -> keyValues;
            case "form_items" -> forms;
            default -> null;
        };
        var index = Integer.parseInt(parts[2]);
        return items == null || index >= items.size() ? Optional.empty() : Optional.ofNullable(items.get(index));
    }
}
