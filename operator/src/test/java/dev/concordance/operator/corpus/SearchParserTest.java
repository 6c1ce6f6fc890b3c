package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.api.v1alpha1.IndexSpec;
import dev.concordance.api.v1alpha1.KeyReference;
import dev.concordance.api.v1alpha1.RetrievalSpec;
import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.RoutingTable.Lexical;
import dev.concordance.manifest.RoutingTable.Semantic;
import dev.concordance.manifest.VectorStorage;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a corpus is searched, in its strict form. */
final class SearchParserTest {
    private static final IndexSpec USUAL = new IndexSpec(null, null, null, null, null, null);

    @Test
    void isWhatItWasUnlessSomethingIsDeclared() {
        var search = SearchParser.parse("docs", USUAL, null);
        assertThat(search.vectors()).isEqualTo(VectorStorage.DEFAULT);
        assertThat(search.analysis()).isEqualTo(Analysis.DEFAULT);
        assertThat(search.retrieval().semantic()).isEqualTo(Semantic.DEFAULT);
        assertThat(search.retrieval().lexical()).isEqualTo(Lexical.DEFAULT);
        assertThat(search.synonyms()).isEmpty();
    }

    @Test
    void takesWhatIsDeclared() {
        var index = new IndexSpec(
                null,
                null,
                new IndexSpec.Vectors("bbq_hnsw", 32, 200),
                new IndexSpec.Analysis("german", List.of("der")),
                null,
                null);
        var retrieval = new RetrievalSpec(
                null,
                null,
                new RetrievalSpec.Semantic("0.99", "2s", 4),
                new RetrievalSpec.Boosts("3.5", "1.5"),
                new KeyReference("words", null));
        var search = SearchParser.parse("docs", index, retrieval);
        assertThat(search.vectors()).isEqualTo(new VectorStorage(VectorStorage.Type.BBQ_HNSW, 32, 200));
        assertThat(search.analysis()).isEqualTo(new Analysis("german", List.of("der")));
        assertThat(search.retrieval().semantic()).isEqualTo(new Semantic(0.99, 2_000, 4));
        assertThat(search.retrieval().lexical()).isEqualTo(new Lexical(3.5, 1.5, List.of()));
        assertThat(search.synonyms())
                .contains(new DeclaredSearch.Synonyms(Reference.configMap("docs", "words"), "synonyms.txt"));
    }

    @Test
    void refusesALanguageThatThereIsNoAnalyzerFor() {
        var klingon = new IndexSpec(null, null, null, new IndexSpec.Analysis("klingon", null), null, null);
        assertThatThrownBy(() -> SearchParser.parse("docs", klingon, null))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageStartingWith(
                        "spec.index.analysis.language: \"klingon\" is not known; write one of [none, arabic");
    }
}
