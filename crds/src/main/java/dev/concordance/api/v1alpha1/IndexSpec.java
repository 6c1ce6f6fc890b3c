package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of a corpus's Elasticsearch indexes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IndexSpec(
        @JsonPropertyDescription(
                "Primary shards of a generation's index, 1 to 128; a change rebuilds the index beside the live one."
                        + " Default: 1, enough for some million chunks.")
        @Min(1)
        @Max(MAX_SHARDS)
        @Nullable
        Integer shards,

        @JsonPropertyDescription(
                "Copies of each shard beside the primary, 0 to 16; applied at once. Default: 1. 0 on a single node.")
        @Min(0)
        @Max(MAX_REPLICAS)
        @Nullable
        Integer replicas,

        @JsonPropertyDescription(
                "How vectors are kept. A change rebuilds the index beside the live one, from the vectors that are stored.")
        @Nullable
        Vectors vectors,

        @JsonPropertyDescription(
                "How texts become the words by which they are found. A change rebuilds the index beside the live one, from the"
                        + " texts that are stored.")
        @Nullable
        Analysis analysis,

        @JsonPropertyDescription(
                "How many generations that have served before are kept to go back to, 0 to 8; each takes the disk space of an"
                        + " index. Those that served longest ago go first. Default: 1.")
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
    static final int MIN_GRAPH = 2;
    static final int MAX_M = 512;
    static final int MAX_STOP_WORDS = 500;
    static final int MAX_EF_CONSTRUCTION = 3_200;

    /** How vectors are kept. */
    @ValidationRule(
            value = "!has(self.type) || self.type != 'flat' || (!has(self.m) && !has(self.efConstruction))",
            message = "flat has no graph: take m and efConstruction out, or write another type",
            fieldPath = ".type")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Vectors(
            @JsonPropertyDescription(
                    "Their form: hnsw (all floats, in a graph), int8_hnsw (a byte a dimension, in a graph), bbq_hnsw (a bit a dimension,"
                            + " in a graph; models of 64 dimensions or more) or flat (all floats, compared with every one). The"
                            + " floats are kept on disk in any case. Default: int8_hnsw.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self in ['hnsw', 'int8_hnsw', 'bbq_hnsw', 'flat']",
                    message = "write hnsw, int8_hnsw, bbq_hnsw or flat")
            @Nullable
            String type,

            @JsonPropertyDescription(
                    "Neighbours of a vector in the graph, 2 to 512: more of them find more, and take more memory. Default: 16.")
            @Min(MIN_GRAPH)
            @Max(MAX_M)
            @Nullable
            Integer m,

            @JsonPropertyDescription(
                    "Candidates among which a vector's neighbours are chosen, 2 to 3200: more of them make a better graph,"
                            + " more slowly. Default: 100.")
            @Min(MIN_GRAPH)
            @Max(MAX_EF_CONSTRUCTION)
            @Nullable
            Integer efConstruction) {}

    /** How texts become words. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Analysis(
            @JsonPropertyDescription(
                    "The language of the documents and of the questions, by the name of Elasticsearch's analyzer, such as english,"
                            + " german, french or cjk: words are cut down to their stems by its rules. Write none for texts"
                            + " of several languages: words are then taken as they are, in lower case. Default: english.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value =
                            "self in ['none', 'arabic', 'armenian', 'basque', 'bengali', 'brazilian', 'bulgarian', 'catalan', "
                                    + "'cjk', 'czech', 'danish', 'dutch', 'english', 'estonian', 'finnish', 'french', 'galician', "
                                    + "'german', 'greek', 'hindi', 'hungarian', 'indonesian', 'irish', 'italian', 'latvian', "
                                    + "'lithuanian', 'norwegian', 'persian', 'portuguese', 'romanian', 'russian', 'sorani', "
                                    + "'spanish', 'swedish', 'thai', 'turkish']",
                    message =
                            "write none, or a language of Elasticsearch's analyzers in lower case, such as english, german,"
                                    + " french, spanish or cjk; docs/search.md lists them")
            @Nullable
            String language,

            @JsonPropertyDescription(
                    "Words that are not indexed, in lower case, at most 500; an empty list for none. Default: those of the language;"
                            + " for none, none.")
            @Size(max = MAX_STOP_WORDS)
            @ValidationRule(
                    value = "self.all(word, word.matches('^[^\\\\s_A-Z][^\\\\sA-Z]*$'))",
                    message = "write single words in lower case that don't begin with an underscore")
            @Nullable
            List<@Size(min = 1, max = Rules.MAX_LABEL) String> stopWords) {}
}
