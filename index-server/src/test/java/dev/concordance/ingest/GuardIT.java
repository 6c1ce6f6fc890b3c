package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Source;
import dev.concordance.source.VanishedContent;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of documents that disappear in great numbers. */
class GuardIT {
    private static final int DOCUMENTS = 20;
    private static final int LIVE = 1;
    private static final int CANDIDATE = 2;
    private static final Embedder MODEL = SmallModel.get();

    @TempDir
    private Path folder;

    private Corpora corpus;
    private int runs;

    @BeforeEach
    void indexTwentyDocuments() throws IOException {
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        corpus.create(Corpora.manifest(LIVE));
        for (var i = 0; i < DOCUMENTS; i++) {
            write(i);
        }
        run(LIVE, null);
    }

    @Test
    void withholdsThemAndDoesAllElse() throws IOException {
        delete(0, 10);
        write(30);

        var counts = run(LIVE, null);

        assertThat(counts.deleted()).isZero();
        assertThat(counts.added()).isEqualTo(1);
        assertThat(indexed(LIVE)).hasSize(DOCUMENTS + 1);
        assertThat(withheld(LIVE).path("documents").asInt()).isEqualTo(10);
        assertThat(withheld(LIVE).path("of").asInt()).isEqualTo(DOCUMENTS);
    }

    @Test
    void writesNothingMoreWhileTheyStayAway() throws IOException {
        delete(0, 10);
        run(LIVE, null);
        var before = state(LIVE);

        run(LIVE, null);

        assertThat(token(LIVE)).isEqualTo(before.path("withheld").path("token").asText());
        assertThat(state(LIVE).path("changedAt")).isEqualTo(before.path("changedAt"));
    }

    @Test
    void removesExactlyWhatWasApproved() throws IOException {
        delete(0, 10);
        run(LIVE, null);
        var approved = token(LIVE);
        write(0);
        delete(10, 18);

        run(LIVE, approved);

        assertThat(indexed(LIVE))
                .as("what was approved and is still away goes, what went later stays")
                .containsOnly(
                        "files:d0.md",
                        "files:d10.md",
                        "files:d11.md",
                        "files:d12.md",
                        "files:d13.md",
                        "files:d14.md",
                        "files:d15.md",
                        "files:d16.md",
                        "files:d17.md",
                        "files:d18.md",
                        "files:d19.md");
        assertThat(withheld(LIVE).path("documents").asInt()).isEqualTo(8);
        assertThat(token(LIVE)).isNotEqualTo(approved);
    }

    @Test
    void forgetsThemWhenTheyComeBack() throws IOException {
        delete(0, 10);
        run(LIVE, null);
        var approved = token(LIVE);
        for (var i = 0; i < 10; i++) {
            write(i);
        }
        run(LIVE, null);
        assertThat(withheld(LIVE).isMissingNode() || withheld(LIVE).isNull()).isTrue();
        delete(0, 10);

        run(LIVE, approved);

        assertThat(indexed(LIVE)).as("the approval was of another difference").hasSize(DOCUMENTS);
    }

    @Test
    void holdsABuildAgainstWhatIsServed() throws IOException {
        delete(0, 10);
        corpus.create(Corpora.manifest(CANDIDATE));

        run(CANDIDATE, null);

        assertThat(indexed(CANDIDATE)).hasSize(10);
        assertThat(withheld(CANDIDATE).path("documents").asInt()).isEqualTo(10);
        assertThat(state(CANDIDATE).path("documents").asInt()).isEqualTo(10);
        var token = token(CANDIDATE);
        run(LIVE, null);
        run(CANDIDATE, null);
        assertThat(token(CANDIDATE)).as("the one that was shown").isEqualTo(token);
        run(LIVE, token(LIVE));
        run(CANDIDATE, null);
        assertThat(indexed(LIVE)).hasSize(10);
        assertThat(withheld(CANDIDATE).isMissingNode() || withheld(CANDIDATE).isNull())
                .isTrue();
    }

    @Test
    void withholdsUnderOneTokenWhatTheLiveGenerationHasWithheldBefore() throws IOException {
        delete(0, 10);
        run(LIVE, null);
        corpus.create(Corpora.manifest(CANDIDATE));

        run(CANDIDATE, null);

        assertThat(token(CANDIDATE)).isEqualTo(token(LIVE));
        run(CANDIDATE, token(LIVE));
        assertThat(withheld(CANDIDATE).isMissingNode() || withheld(CANDIDATE).isNull())
                .isTrue();
        assertThat(indexed(LIVE)).as("its own runs delete there").hasSize(DOCUMENTS);
    }

    @Test
    void servesWhatWasApprovedForABuildAndKnowsNoMoreOfWhatIsMissing() throws IOException {
        delete(0, 10);
        corpus.create(Corpora.manifest(CANDIDATE));
        run(CANDIDATE, null);
        var token = token(CANDIDATE);
        for (var attempt = 0; attempt < 2; attempt++) {
            run(CANDIDATE, token);
            assertThat(withheld(CANDIDATE).isMissingNode()
                            || withheld(CANDIDATE).isNull())
                    .as("approved once, whatever the live one still holds")
                    .isTrue();
        }
        write(0);
        var served = corpus.specification("served", Corpora.manifest(CANDIDATE), List.of(), List.of(corpus.source()));

        var counts = corpus.run(Corpora.guarded(served, new DeletionGuard(3, 10, null, CANDIDATE)));

        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.deleted()).isZero();
        assertThat(withheld(CANDIDATE).isMissingNode() || withheld(CANDIDATE).isNull())
                .isTrue();
        assertThat(state(CANDIDATE).path("documents").asInt()).isEqualTo(11);
    }

    @Test
    void keepsDocumentsSearchableThatCannotBeReadAnyMore() throws IOException {
        for (var i = 0; i < 10; i++) {
            spoil(i);
        }
        write(30);

        var counts = run(LIVE, null);

        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.unchanged()).as("they stay as they are").isEqualTo(DOCUMENTS);
        assertThat(counts.pending()).isZero();
        assertThat(indexed(LIVE)).hasSize(DOCUMENTS + 1);
        assertThat(withheld(LIVE).path("documents").asInt()).isEqualTo(10);
        assertThat(state(LIVE).path("documents").asInt()).isEqualTo(DOCUMENTS + 1);
        assertThat(state(LIVE).path("quarantineSample").findValuesAsText("documentId"))
                .as("why they can't be read is told")
                .contains("d0.md", "d9.md");
        var approved = token(LIVE);
        assertThat(run(LIVE, null).unchanged()).isEqualTo(DOCUMENTS + 1);
        assertThat(token(LIVE)).isEqualTo(approved);

        run(LIVE, approved);

        assertThat(indexed(LIVE)).hasSize(DOCUMENTS + 1 - 10);
        assertThat(state(LIVE).path("quarantined").asInt()).isEqualTo(10);
        assertThat(withheld(LIVE).isMissingNode() || withheld(LIVE).isNull()).isTrue();
    }

    @Test
    void countsWhatIsEmptyAndWhatHasDisappearedTogether() throws IOException {
        delete(0, 2);
        corpus.write("d2.md", "\n");
        spoil(3);

        run(LIVE, null);

        assertThat(indexed(LIVE)).hasSize(DOCUMENTS);
        assertThat(withheld(LIVE).path("documents").asInt()).isEqualTo(4);
        write(2);
        run(LIVE, null);
        assertThat(indexed(LIVE)).as("three may always go").hasSize(DOCUMENTS - 3);
    }

    @Test
    void takesDocumentsThatAreReadableAgain() throws IOException {
        for (var i = 0; i < 10; i++) {
            spoil(i);
        }
        run(LIVE, null);
        for (var i = 0; i < 10; i++) {
            write(i + 100, "d%d.md".formatted(i));
        }

        assertThat(run(LIVE, null).updated()).isEqualTo(10);

        assertThat(withheld(LIVE).isMissingNode() || withheld(LIVE).isNull()).isTrue();
    }

    @Test
    void holdsABuildBackThatCannotIndexWhatIsServed() throws IOException {
        for (var i = 0; i < 10; i++) {
            spoil(i);
        }
        corpus.create(Corpora.manifest(CANDIDATE));

        run(CANDIDATE, null);

        assertThat(indexed(CANDIDATE)).hasSize(10);
        assertThat(indexed(LIVE)).hasSize(DOCUMENTS);
        assertThat(withheld(CANDIDATE).path("documents").asInt()).isEqualTo(10);
        var token = token(CANDIDATE);
        run(CANDIDATE, null);
        assertThat(token(CANDIDATE)).isEqualTo(token);
        run(CANDIDATE, token);
        assertThat(withheld(CANDIDATE).isMissingNode() || withheld(CANDIDATE).isNull())
                .isTrue();
    }

    @Test
    void holdsABuildBackWhoseSourceListsWhatItThenDoesNotHave() throws IOException {
        corpus.create(Corpora.manifest(CANDIDATE));

        for (var attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(this::buildFromAStoreThatHasNothing)
                    .hasMessageStartingWith("20 documents were listed and had gone when they were to be read");
        }

        assertThat(indexed(CANDIDATE)).isEmpty();
        assertThat(state(CANDIDATE).isMissingNode()).as("it is not complete").isTrue();
        run(CANDIDATE, null);
        assertThat(indexed(CANDIDATE)).hasSize(DOCUMENTS);
        assertThat(withheld(CANDIDATE).isMissingNode() || withheld(CANDIDATE).isNull())
                .isTrue();
    }

    private void buildFromAStoreThatHasNothing() {
        var given = corpus.specification("vanished", Corpora.manifest(CANDIDATE), List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            new Ingestion(
                            Corpora.guarded(given, new DeletionGuard(3, 10, null, LIVE)),
                            connection,
                            declared -> new Vanished(corpus.open(declared)),
                            purse -> new Borrowed(MODEL),
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
    }

    /** Lists well, and then says of everything that it is gone. */
    private record Vanished(Source source) implements SourceInPlaceOf {
        @Override
        public Content content(Entry.Stored entry) {
            var listed = source.content(entry);
            return new Content() {
                @Override
                public long size() throws IOException {
                    return listed.size();
                }

                @Override
                public byte[] read() throws IOException {
                    throw new VanishedContent(new IOException("404"));
                }
            };
        }
    }

    @Test
    void removesWhatWasApprovedForABuildThoughTheLiveGenerationWasFaster() throws IOException {
        for (var i = 0; i < 5; i++) {
            spoil(i);
        }
        corpus.create(Corpora.manifest(CANDIDATE));
        run(CANDIDATE, null);
        delete(10, 15);
        run(CANDIDATE, null);
        assertThat(withheld(CANDIDATE).path("documents").asInt()).isEqualTo(10);
        var token = token(CANDIDATE);
        run(LIVE, null);

        run(LIVE, token);
        run(CANDIDATE, token);

        assertThat(withheld(CANDIDATE).isMissingNode() || withheld(CANDIDATE).isNull())
                .isTrue();
    }

    @Test
    void failsABuildThatCannotIndexMostOfItsDocuments() throws IOException {
        for (var i = 0; i < 2 * DOCUMENTS + 1; i++) {
            spoil(i + 100);
        }
        corpus.create(Corpora.manifest(CANDIDATE));
        var given = corpus.specification("build", Corpora.manifest(CANDIDATE), List.of(), List.of(corpus.source()));

        assertThatThrownBy(() -> corpus.run(Corpora.building(given)))
                .hasMessageStartingWith("41 of 61 documents can't be indexed, more than the 50 %");

        assertThat(state(CANDIDATE).isMissingNode()).as("it is not complete").isTrue();
        var failure = corpus.ledger(RunReport.id("build")).path("failure");
        assertThat(failure.path("reason").asText()).isEqualTo("TooManyFailures");
        assertThat(failure.path("retryable").asBoolean()).isFalse();
    }

    private Counts run(int generation, @Nullable String approved) {
        runs++;
        var given = corpus.specification("r" + runs, Corpora.manifest(generation), List.of(), List.of(corpus.source()));
        return corpus.run(Corpora.guarded(given, new DeletionGuard(3, 10, approved, LIVE)));
    }

    private Set<String> indexed(int generation) {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(generation))
                .documents()
                .keySet();
    }

    private JsonNode state(int generation) {
        return corpus.ledger(GenerationState.id(generation));
    }

    private JsonNode withheld(int generation) {
        return state(generation).path("withheld");
    }

    private String token(int generation) {
        return withheld(generation).path("token").asText();
    }

    private void write(int number) throws IOException {
        write(number, "d%d.md".formatted(number));
    }

    private void write(int number, String file) throws IOException {
        corpus.write(file, "# Title %d\n\nWords of %d.\n".formatted(number, number));
    }

    /** Front matter that no parser takes. */
    private void spoil(int number) throws IOException {
        corpus.write("d%d.md".formatted(number), "---\nyear: not a year\n---\n# Title\n\nWords.\n");
    }

    private void delete(int from, int to) throws IOException {
        for (var i = from; i < to; i++) {
            Files.delete(folder.resolve("data/d%d.md".formatted(i)));
        }
    }
}
