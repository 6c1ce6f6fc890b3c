package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** Settings of the Elasticsearch indexes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusIndex(
        @JsonPropertyDescription(
                "Primary shards of a generation's index, 1 to 128; a change rebuilds the index beside the live one."
                        + " Default: 1, enough for some million chunks.")
        @Min(1)
        @Max(MAX_SHARDS)
        @Nullable
        Integer shards,

        @JsonPropertyDescription("Copies of each shard beside the primary, 0 to 16; applied at once. Default: 1. 0 on a"
                + " single node.")
        @Min(0)
        @Max(MAX_REPLICAS)
        @Nullable
        Integer replicas,

        @JsonPropertyDescription(
                "How many generations that have served before are kept to go back to, 0 to 8; each takes the disk space of an"
                        + " index. Those that are kept longest go first. Default: 1.")
        @Min(0)
        @Max(MAX_RETAINED)
        @Nullable
        Integer retainedGenerations,

        @JsonPropertyDescription(
                "Number of a kept generation, as status.generations lists them: it answers searches at once and for as long as"
                        + " this stands, and no other generation is built. The condition RolledBack says how old its answers are, and"
                        + " what taking this out again will do. Default: the declared generation serves.")
        @Min(1)
        @Max(IngestionRunSpec.MAX_GENERATION)
        @Nullable
        Integer rollbackTo) {
    static final int MAX_SHARDS = 128;
    static final int MAX_REPLICAS = 16;
    static final int MAX_RETAINED = 8;
}
