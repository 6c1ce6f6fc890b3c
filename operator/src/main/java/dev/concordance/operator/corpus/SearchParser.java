package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.IndexSpec;
import dev.concordance.api.v1alpha1.RetrievalSpec;
import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.VectorStorage;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses how a corpus is searched, and what its index is like for it. */
final class SearchParser {
    private static final double EVEN = 0.5;
    private static final int RANK_CONSTANT = 60;
    private static final String SYNONYMS = "synonyms.txt";
    private static final String MAX_LATENCY = "100ms";

    private SearchParser() {}

    static DeclaredSearch parse(String namespace, IndexSpec index, @Nullable RetrievalSpec declared) {
        var retrieval = Defaults.or(declared, new RetrievalSpec(null, null, null, null, null));
        return new DeclaredSearch(
                vectors(index.vectors()),
                analysis(index.analysis()),
                retrieval(retrieval),
                Optional.ofNullable(retrieval.synonymsConfigMapRef())
                        .map(reference -> new DeclaredSearch.Synonyms(
                                Reference.configMap(
                                        namespace,
                                        Defaults.required(
                                                reference.name(), "spec.retrieval.synonymsConfigMapRef.name")),
                                Defaults.or(reference.key(), SYNONYMS))));
    }

    private static Analysis analysis(IndexSpec.@Nullable Analysis declared) {
        var analysis = Defaults.or(declared, new IndexSpec.Analysis(null, null));
        var language = Defaults.or(analysis.language(), Analysis.DEFAULT.language());
        if (!Analysis.LANGUAGES.contains(language)) {
            throw new InvalidSpec("spec.index.analysis.language: \"" + language + "\" is not known; write one of "
                    + Analysis.LANGUAGES);
        }
        return new Analysis(language, analysis.stopWords());
    }

    private static VectorStorage vectors(IndexSpec.@Nullable Vectors declared) {
        var vectors = Defaults.or(declared, new IndexSpec.Vectors(null, null, null));
        return new VectorStorage(
                Defaults.constant(
                        VectorStorage.Type.class, Defaults.or(vectors.type(), "int8_hnsw"), "spec.index.vectors.type"),
                Defaults.or(vectors.m(), VectorStorage.M),
                Defaults.or(vectors.efConstruction(), VectorStorage.EF_CONSTRUCTION));
    }

    private static RoutingTable.Retrieval retrieval(RetrievalSpec retrieval) {
        var fusion = Defaults.or(retrieval.fusion(), new RetrievalSpec.Fusion(null, null, null, null));
        return new RoutingTable.Retrieval(
                Defaults.constant(
                        RoutingTable.Mode.class, Defaults.or(retrieval.mode(), "hybrid"), "spec.retrieval.mode"),
                Defaults.constant(
                        RoutingTable.Fusion.class,
                        Defaults.or(fusion.method(), "weighted"),
                        "spec.retrieval.fusion.method"),
                Defaults.decimal(fusion.lexicalWeight(), EVEN, "spec.retrieval.fusion.lexicalWeight"),
                Defaults.decimal(fusion.semanticWeight(), EVEN, "spec.retrieval.fusion.semanticWeight"),
                Defaults.or(fusion.rankConstant(), RANK_CONSTANT),
                semantic(retrieval.semantic()),
                lexical(retrieval.boosts()));
    }

    private static RoutingTable.Semantic semantic(RetrievalSpec.@Nullable Semantic declared) {
        var semantic = Defaults.or(declared, new RetrievalSpec.Semantic(null, null, null));
        return new RoutingTable.Semantic(
                Defaults.decimal(
                        semantic.recall(), RoutingTable.Semantic.DEFAULT.recall(), "spec.retrieval.semantic.recall"),
                Defaults.duration(semantic.maxLatency(), MAX_LATENCY, "spec.retrieval.semantic.maxLatency")
                        .toMillis(),
                semantic.oversample());
    }

    private static RoutingTable.Lexical lexical(RetrievalSpec.@Nullable Boosts declared) {
        var boosts = Defaults.or(declared, new RetrievalSpec.Boosts(null, null));
        var usual = RoutingTable.Lexical.DEFAULT;
        return new RoutingTable.Lexical(
                Defaults.decimal(boosts.context(), usual.context(), "spec.retrieval.boosts.context"),
                Defaults.decimal(boosts.text(), usual.text(), "spec.retrieval.boosts.text"),
                usual.synonyms());
    }
}
