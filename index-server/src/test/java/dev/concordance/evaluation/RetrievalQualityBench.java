package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.BundledModel;
import dev.concordance.testing.BeirCorpus;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole corpora; see docs/benchmarks.md. */
class RetrievalQualityBench {
    private static final double TOLERANCE = 0.01;

    /** Baselines: BM25 over title and text of whole documents, as the corpora's own README files give it. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            scifact, train, 0.6957
            cranfield, test, 0.5104
            """)
    void ranksAsWellAsTheBaselineAndTheBetterLeg(String name, String judgments, double baseline, @TempDir Path folder)
            throws Exception {
        var data = Path.of(System.getProperty("concordance.data"), name);
        try (var node = ElasticsearchProcess.start(
                        ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")));
                var model = OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly())) {
            var corpus = new BeirCorpus(node.url(), model, data, "whole-" + name);
            System.out.println("indexed " + corpus.index(folder.resolve("work")));
            try (var server = ServerProcess.startAsInItsImage(
                    folder.resolve("server"), Guides.anonymous(Guides.limits(), corpus.route()), List.of())) {
                var figures = Figures.of(server.url(), "whole-" + name, data, judgments);
                System.out.println(figures.printed());
                assertThat(figures.of("lexical")).isGreaterThan(baseline - TOLERANCE);
                assertThat(figures.of("hybrid")).isGreaterThan(figures.betterLeg() - TOLERANCE);
            }
        }
    }
}
