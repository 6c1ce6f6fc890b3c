package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A metadata field of the documents that searches may filter on. */
public record MetadataField(String name, Type type) {
    /** What a field's values are; on the wire the names of Elasticsearch's field types. */
    public enum Type {
        /** Exact strings. */
        @JsonProperty("keyword")
        KEYWORD,
        /** 64-bit integers. */
        @JsonProperty("long")
        LONG,
        /** 64-bit floating point numbers. */
        @JsonProperty("double")
        DOUBLE,
        /** {@code true} or {@code false}. */
        @JsonProperty("boolean")
        BOOLEAN,
        /** ISO 8601 dates or date-times, or milliseconds since the epoch. */
        @JsonProperty("date")
        DATE
    }
}
