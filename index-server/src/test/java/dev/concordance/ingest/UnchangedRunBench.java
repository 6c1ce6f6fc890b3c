package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run takes that finds nothing changed, with a tracer and without, in turns after a warm-up. */
class UnchangedRunBench {
    private static final int DOCUMENTS = Integer.getInteger("concordance.documents", 1_000);
    private static final int RUNS = 40;
    private static final int WARM_UP = 10;
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);

    @Test
    void isMeasured(@TempDir Path folder) throws Exception {
        var traced = corpus(folder.resolve("traced"));
        var untraced = corpus(folder.resolve("untraced"));
        run(traced, "build", true);
        run(untraced, "build", false);
        var with = new ArrayList<Double>();
        var without = new ArrayList<Double>();
        for (var turn = 0; turn < RUNS; turn++) {
            with.add(run(traced, "r" + turn, true));
            without.add(run(untraced, "r" + turn, false));
        }
        System.out.printf(
                "%d documents: %.1f ms with a tracer, %.1f ms without (medians of %d)%n",
                DOCUMENTS, median(with), median(without), RUNS - WARM_UP);
    }

    private static Corpora corpus(Path folder) throws Exception {
        var corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(MANIFEST);
        for (var i = 0; i < DOCUMENTS; i++) {
            corpus.write("d%06d.md".formatted(i), "# Title %d\n\nWords.\n".formatted(i));
        }
        return corpus;
    }

    /** Milliseconds. */
    private static double run(Corpora corpus, String name, boolean traced) {
        RunSpecification given = corpus.specification(name, MANIFEST, List.of(), List.of(corpus.source()));
        var begin = System.nanoTime();
        var counts = corpus.run(traced ? given : Corpora.untraced(given));
        var millis = (System.nanoTime() - begin) / 1e6;
        assertThat(counts.unchanged()).isEqualTo(name.equals("build") ? 0 : DOCUMENTS);
        return millis;
    }

    private static double median(List<Double> times) {
        return times.stream().skip(WARM_UP).sorted().toList().get((RUNS - WARM_UP) / 2);
    }
}
