package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.chunking.Chunker;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.source.Entry;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SmallModel;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftingTest {
    @TempDir
    private Path folder;

    @Test
    void quarantinesADocumentOnWhichAParserFailsOrRunsOutOfStack() throws Exception {
        for (var failure : List.<Supplier<Throwable>>of(() -> new IllegalStateException("words"), this::overflow)) {
            var after = drafting(failure).draft(work()).orElseThrow().after();
            assertThat(after.state()).isEqualTo(State.Quarantined);
            assertThat(after.reason()).isEqualTo(QuarantineReason.ParserFailed);
            assertThat(after.message()).doesNotContain("words");
        }
    }

    private StackOverflowError overflow() {
        try {
            return new StackOverflowError("never thrown " + depth(0));
        } catch (StackOverflowError e) {
            return e;
        }
    }

    private static int depth(int above) {
        return depth(above + 1) + 1;
    }

    private static Work work() {
        return new Work("files", new Entry.File("a.md", "1", OptionalLong.of(1), null), null, "1", false);
    }

    private Drafting drafting(Supplier<Throwable> failure) throws Exception {
        var corpus = Corpora.in(folder, URI.create("http://127.0.0.1:1"), SmallModel.get(), null);
        var manifest = Corpora.manifest(1);
        var chunker = new Chunker(manifest.chunking(), SmallModel.get().tokenizer(), 510);
        return new Drafting(
                new Failing(failure),
                corpus.specification("r", manifest, List.of(), List.of(corpus.source())),
                chunker,
                () -> {
                    throw new UnsupportedOperationException();
                },
                1,
                screened -> {});
    }

    private record Failing(Supplier<Throwable> failure) implements Documents {
        @Override
        public SourceDocument read(Work work) {
            var thrown = failure.get();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }

        @Override
        public void erase(Work work, String erasure) {}

        @Override
        public long size(Work work) {
            return 0;
        }
    }
}
