package dev.concordance.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query server serves and to whom: mounted as a file, read again when it changes.
 *
 * @param anonymous whether requests without a token are answered; never both this and tokens
 */
public record RoutingTable(boolean anonymous, List<Token> tokens, List<Route> routes, Limits limits) {
    public RoutingTable {
        tokens = List.copyOf(tokens);
        routes = List.copyOf(routes);
    }

    /**
     * A bearer token; its value is the content of the file {@code key} in {@code mount}.
     *
     * @param corpora names of the corpora that it may search, or {@code *}
     * @param principals as whom its bearer searches
     * @param delegates whether its bearer may name others, as whom it searches then
     */
    public record Token(
            String name, String mount, String key, List<String> corpora, List<String> principals, boolean delegates) {
        public Token {
            corpora = List.copyOf(corpora);
            // A table of an earlier version has none.
            principals = principals == null ? List.of() : List.copyOf(principals);
        }

        /** A token whose bearer is nobody in particular. */
        public Token(String name, String mount, String key, List<String> corpora) {
            this(name, mount, key, corpora, List.of(), false);
        }
    }

    /**
     * A corpus that is served.
     *
     * @param models the models of the live generation and of a candidate that may become live; the generation's own
     *     {@code _meta} says which one its vectors are of
     * @param metadata the fields that filters may name
     * @param access null: everybody may see all documents
     * @param tombstones what is never shown, whatever the index holds
     */
    public record Route(
            String namespace,
            String corpus,
            String alias,
            ElasticsearchAccess elasticsearch,
            List<EmbeddingModelManifest> models,
            List<MetadataField> metadata,
            Retrieval retrieval,
            @Nullable Access access,
            Tombstones tombstones) {
        /** A table that was written before there were tombstones has none. */
        @SuppressWarnings("ConstantValue")
        public Route {
            models = List.copyOf(models);
            metadata = List.copyOf(metadata);
            tombstones = tombstones == null ? Tombstones.NONE : tombstones;
        }

        /** The same route, on which these documents are never shown. */
        public Route without(Tombstones erased) {
            return new Route(namespace, corpus, alias, elasticsearch, models, metadata, retrieval, access, erased);
        }

        /** A route to a corpus of which nothing was erased, and that everybody may see all of. */
        public Route(
                String namespace,
                String corpus,
                String alias,
                ElasticsearchAccess elasticsearch,
                List<EmbeddingModelManifest> models,
                List<MetadataField> metadata,
                Retrieval retrieval) {
            this(namespace, corpus, alias, elasticsearch, models, metadata, retrieval, null, Tombstones.NONE);
        }

        /** The same route, where the documents say who may see them. */
        public Route with(Access declared) {
            return new Route(
                    namespace, corpus, alias, elasticsearch, models, metadata, retrieval, declared, tombstones);
        }
    }

    /**
     * A corpus whose documents say who may see them.
     *
     * @param maxStalenessMillis searches are refused while what is known of that is older
     */
    public record Access(long maxStalenessMillis) {}

    /** How a search is answered where the request does not say. */
    public record Retrieval(
            Mode mode,
            Fusion fusion,
            double lexicalWeight,
            double semanticWeight,
            int rankConstant,
            Semantic semantic,
            Lexical lexical) {
        /** A table of an earlier version says less. */
        @SuppressWarnings("ConstantValue")
        public Retrieval {
            semantic = semantic == null ? Semantic.DEFAULT : semantic;
            lexical = lexical == null ? Lexical.DEFAULT : lexical;
        }

        /** The same with these synonyms. */
        public Retrieval with(List<SynonymRule> synonyms) {
            return new Retrieval(
                    mode,
                    fusion,
                    lexicalWeight,
                    semanticWeight,
                    rankConstant,
                    semantic,
                    new Lexical(lexical.context(), lexical.text(), synonyms));
        }

        /** Where nothing is declared of how vectors and words are compared. */
        public Retrieval(Mode mode, Fusion fusion, double lexicalWeight, double semanticWeight, int rankConstant) {
            this(mode, fusion, lexicalWeight, semanticWeight, rankConstant, Semantic.DEFAULT, Lexical.DEFAULT);
        }
    }

    /**
     * How words are compared.
     *
     * @param context what a word in the titles above a passage counts, 1 or more
     * @param text what a word in the passage itself counts, 1 or more
     */
    public record Lexical(double context, double text, List<SynonymRule> synonyms) {
        /** A word in a title counts twice; learned on the training queries of SciFact. */
        public static final Lexical DEFAULT = new Lexical(2, 1, List.of());

        public Lexical {
            synonyms = List.copyOf(synonyms);
        }
    }

    /**
     * How thoroughly vectors are compared.
     *
     * @param recall share of the nearest passages that has to be found, from 0 to 1
     * @param maxLatencyMillis that a search may take on average while that is measured
     * @param oversample see {@link AnnRecall.Depth}; null: as many as reach the recall
     */
    public record Semantic(
            double recall, long maxLatencyMillis, @Nullable Integer oversample) {
        /** Where nothing is declared. */
        public static final Semantic DEFAULT = new Semantic(0.95, 100, null);
    }

    /** Which legs a search has. */
    public enum Mode {
        hybrid,
        lexical,
        semantic
    }

    /** How the legs' results become one ranking. */
    public enum Fusion {
        /** Min-max normalised scores, added with weights. */
        weighted,
        /** Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009). */
        rrf
    }

    /**
     * Bounds of one request.
     *
     * @param requestTimeoutMillis after it a search ends with 504
     * @param maxConcurrent searches at the same time; further ones get 429
     */
    public record Limits(int maxK, int maxRequestBytes, long requestTimeoutMillis, int maxConcurrent) {}

    /** The route of a corpus, or null if it isn't served here. */
    public @Nullable Route route(String namespace, String corpus) {
        for (var route : routes) {
            if (route.namespace().equals(namespace) && route.corpus().equals(corpus)) {
                return route;
            }
        }
        return null;
    }
}
