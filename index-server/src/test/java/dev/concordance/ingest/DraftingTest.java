package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.chunking.Chunker;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.OversizedContent;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DraftingTest {
    @TempDir
    private Path folder;

    @Test
    void quarantinesADocumentOnWhichAParserFailsOrRunsOutOfStack() throws Exception {
        for (var failure : List.<Supplier<Throwable>>of(() -> new IllegalStateException("words"), this::overflow)) {
            var drafting = drafting(() -> new Content.Held(new byte[0], true), bytes -> {
                var thrown = failure.get();
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            });
            var after = drafting.draft(work()).orElseThrow().after();
            assertThat(after.state()).isEqualTo(State.Quarantined);
            assertThat(after.reason()).isEqualTo(QuarantineReason.ParserFailed);
            assertThat(after.message()).doesNotContain("words");
        }
    }

    /** Else it would stay as it is where its source takes back what it held meanwhile. */
    @Test
    void keepsWhatWasNotListedUnderAChangeKeyThatNoListingHas() throws Exception {
        var other = new Content.Held("Other words.".getBytes(StandardCharsets.UTF_8), false);
        var changed = drafting(() -> other, bytes -> Parser.parse("a.md", bytes))
                .draft(work())
                .orElseThrow()
                .after();
        assertThat(changed.state()).isEqualTo(State.Indexed);
        assertThat(changed.changeKey()).isNotEqualTo("1");
        var broken = drafting(() -> other, bytes -> {
            throw new UnreadableDocument(QuarantineReason.CorruptDocument, "it is broken");
        });
        var grown = drafting(
                () -> {
                    throw OversizedContent.grown(2, 1);
                },
                bytes -> Parser.parse("a.md", bytes));
        for (var refusing : List.of(broken, grown)) {
            var refused = refusing.draft(work()).orElseThrow().after();
            assertThat(refused.state()).isEqualTo(State.Quarantined);
            assertThat(refused.changeKey()).isNotEqualTo("1");
        }
        var listed = new Content.Held(other.bytes(), true);
        assertThat(drafting(() -> listed, bytes -> Parser.parse("a.md", bytes))
                        .draft(work())
                        .orElseThrow()
                        .after()
                        .changeKey())
                .isEqualTo("1");
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

    private Drafting drafting(Giving source, Parsing parser) throws Exception {
        var corpus = Corpora.in(folder, URI.create("http://127.0.0.1:1"), SmallModel.get(), null);
        var manifest = Corpora.manifest(1);
        var chunker = new Chunker(manifest.chunking(), SmallModel.get().tokenizer(), 510);
        var embedding = new Embedding(SmallModel.get(), ForkJoinPool.commonPool(), new NothingStored(), new Progress());
        return new Drafting(
                new Fake(source, parser),
                corpus.specification("r", manifest, List.of(), List.of(corpus.source())),
                chunker,
                () -> new SentenceVectors(embedding, manifest.model(), new StopSignal()),
                1,
                screened -> {});
    }

    private interface Giving {
        Content.Held give() throws IOException;
    }

    private interface Parsing {
        ParsedDocument parse(byte[] bytes) throws UnreadableDocument;
    }

    private record NothingStored() implements Embedding.Known {
        @Override
        public Map<String, float[]> find(Collection<String> hashes) {
            return Map.of();
        }

        @Override
        public void keep(Map<String, float[]> vectors) {}
    }

    private record Fake(Giving source, Parsing parser) implements Documents {
        @Override
        public Content.Held fetch(Work work) throws IOException {
            return source.give();
        }

        @Override
        public SourceDocument read(Work work, byte[] bytes) throws UnreadableDocument {
            return new SourceDocument(parser.parse(bytes), null, null);
        }

        @Override
        public void erase(Work work, String erasure) {}

        @Override
        public boolean isListedAgain(Work work) {
            return true;
        }

        @Override
        public long size(Work work) {
            return 0;
        }
    }
}
