package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestBucket;
import dev.concordance.testing.TestBucket.Reply;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bucket whose listing breaks off after its first page: no document goes for it, whatever the guard would allow. */
final class TruncatedBucketIT {
    private static final int PAGE = 10;
    private static final int KEYS = 30;
    /** Allows everything, so that nothing but the listing itself keeps documents. */
    private static final DeletionGuard NONE = new DeletionGuard(KEYS, 100, null, 1);

    @TempDir
    private Path folder;

    private final TestBucket bucket = new TestBucket(PAGE);
    private Corpora corpus;
    private SourceManifest source;
    private volatile Listing listing = Listing.WHOLE;
    private int runs;

    /** How the store lists its second page. */
    private enum Listing {
        WHOLE,
        /** The page before says that there is another one, and not which. */
        WITHOUT_TOKEN,
        UNAVAILABLE,
        FORBIDDEN,
        CUT_OFF
    }

    @BeforeEach
    void index() throws IOException {
        hold(KEYS);
        bucket.fail(this::broken);
        source = Corpora.bucket("docs", TestBucket.NAME, bucket.serve());
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(Corpora.manifest(1));
        run();
        assertThat(indexed()).isEqualTo(names(KEYS));
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
    void losesNothingAndSaysSo(Listing broken) {
        var before = freshAsOf();
        listing = broken;
        var reason = broken == Listing.FORBIDDEN ? FailureReason.SourceUnauthorized : FailureReason.SourceUnreachable;
        assertThatThrownBy(this::run)
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining("nothing was changed");
        assertThat(corpus.ledger(RunReport.id("r" + runs))
                        .path("failure")
                        .path("reason")
                        .asText())
                .isEqualTo(reason.name());
        assertThat(indexed()).isEqualTo(names(KEYS));
        assertThat(freshAsOf()).as("answers are as old as they were").isEqualTo(before);
        listing = Listing.WHOLE;
        hold(KEYS - 1);
        assertThat(run().deleted()).isEqualTo(1);
        assertThat(indexed()).isEqualTo(names(KEYS - 1));
    }

    @Test
    void losesWhatAWholeListingNoLongerHas() {
        hold(PAGE);
        assertThat(run().deleted()).isEqualTo(KEYS - PAGE);
        assertThat(indexed()).isEqualTo(names(PAGE));
    }

    @Test
    void isRepairedWhereSomebodyElseHasWrittenToTheIndex() {
        Damage.isRepaired(corpus, Corpora.manifest(1), source, "verify");
    }

    private Counts run() {
        runs++;
        return corpus.run(Corpora.guarded(
                corpus.specification("r" + runs, Corpora.manifest(1), List.of(), List.of(source)), NONE));
    }

    private String freshAsOf() {
        return corpus.ledger(GenerationState.id(1)).path("freshAsOf").asText();
    }

    private Set<String> indexed() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                .documents()
                .keySet();
    }

    private void hold(int count) {
        bucket.objects().clear();
        numbers(count).forEach(number -> bucket.objects().put(key(number), text(number)));
    }

    private static Set<String> names(int count) {
        return numbers(count).mapToObj(number -> "docs:" + key(number)).collect(Collectors.toSet());
    }

    private static IntStream numbers(int count) {
        return IntStream.range(0, count);
    }

    private static String key(int number) {
        return "page-%02d.md".formatted(number);
    }

    private static String text(int number) {
        return "# Page %1$d\n\nWords of page %1$d.\n".formatted(number);
    }

    private Reply broken(URI asked, Reply usual) {
        if (listing == Listing.WITHOUT_TOKEN) {
            return usual.with(usual.body().replaceAll("<NextContinuationToken>.*</NextContinuationToken>", ""));
        }
        if (!TestBucket.isLaterPage(asked)) {
            return usual;
        }
        return switch (listing) {
            case UNAVAILABLE -> Reply.error(503, "SlowDown");
            case FORBIDDEN -> Reply.error(403, "AccessDenied");
            case CUT_OFF -> usual.with(usual.body().substring(0, 200));
            default -> usual;
        };
    }
}
