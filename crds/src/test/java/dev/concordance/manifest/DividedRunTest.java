package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.SourceManifest.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers side by side keep to the limits that are declared for the run. */
class DividedRunTest {
    private static final RemoteAccess.Limits MODEL = new RemoteAccess.Limits(32, 8_000, 7, 600, 90_001, 30_000, 400);
    private static final RateLimit STORE = new RateLimit(61, 20L << 20);
    private static final RateLimit DATABASE = new RateLimit(30, 0);
    private static final int PARSER = 8;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void askForNoMoreTogetherThanIsDeclaredAndForAlmostAllOfIt(int workers) {
        var run = run(MODEL, STORE, DATABASE, PARSER);
        assertThat(run.mostWorkers()).isGreaterThanOrEqualTo(workers);
        var all = limits(run);
        var share = limits(run.dividedBy(workers));
        for (var i = 0; i < all.size(); i++) {
            var together = share.get(i) * workers;
            assertThat(together).isLessThanOrEqualTo(all.get(i));
            if (all.get(i) == 0) {
                assertThat(together).as("no limit stays none").isZero();
            } else {
                assertThat(together).isGreaterThan(all.get(i) - workers);
            }
        }
    }

    @Test
    void readsTheSameSourcesHoweverFast() {
        var run = run(limits(8, 0, 0), new RateLimit(6, 0), new RateLimit(0, 5), 8);
        assertThat(run.dividedBy(2).sources()).isNotEqualTo(run.sources());
        assertThat(GenerationState.digest(run.dividedBy(2).sources())).isEqualTo(GenerationState.digest(run.sources()));
    }

    @Test
    void areNoMoreThanTheSmallestLimitOfWhatTheyAsk() {
        var none = RateLimit.NONE;
        var plenty = limits(16, 0, 0);
        assertThat(run(limits(4, 0, 0), none, none, 8).mostWorkers()).isEqualTo(4);
        assertThat(run(limits(8, 3, 0), none, none, 8).mostWorkers()).isEqualTo(3);
        assertThat(run(limits(8, 0, 5), none, none, 8).mostWorkers()).isEqualTo(5);
        assertThat(run(plenty, none, none, 2).mostWorkers()).isEqualTo(2);
        assertThat(run(plenty, new RateLimit(6, 0), none, 8).mostWorkers()).isEqualTo(6);
        assertThat(run(plenty, none, new RateLimit(0, 5), 8).mostWorkers()).isEqualTo(5);
        var unlimited = new GenerationManifest(
                1, 2, new Chunking.ByTokens(64, 8, ""), BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), 1, List.of());
        assertThat(run(unlimited, none, none).mostWorkers()).isGreaterThanOrEqualTo(RunReport.MOST_SHARDS);
    }

    /** All that is bounded, in one order. */
    private static List<Long> limits(RunSpecification run) {
        var limits = new ArrayList<Long>();
        var model = ((RemoteModel) run.manifest().model()).access().limits();
        limits.add((long) model.concurrentRequests());
        limits.add((long) model.requestsPerMinute());
        limits.add((long) model.tokensPerMinute());
        var parser = Objects.requireNonNull(run.manifest().parser());
        limits.add((long) parser.access().concurrentRequests());
        for (var source : run.sources()) {
            var rate = switch (source.location()) {
                case SourceManifest.S3 s3 -> s3.rateLimit();
                case SourceManifest.Jdbc jdbc -> jdbc.rateLimit();
                default -> RateLimit.NONE;
            };
            limits.add((long) rate.requestsPerMinute());
            limits.add(rate.bytesPerSecond());
        }
        return limits;
    }

    private static RemoteAccess.Limits limits(int concurrent, int requests, int tokens) {
        return new RemoteAccess.Limits(32, 8_000, concurrent, requests, tokens, 30_000, 400);
    }

    private static RunSpecification run(RemoteAccess.Limits limits, RateLimit store, RateLimit database, int parsed) {
        var model = new RemoteModel(
                "m",
                "",
                BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().tokenizer(),
                8,
                512,
                true,
                "",
                "",
                null,
                new RemoteAccess("hosted", RemoteAccess.Protocol.TEI, "https://model", null, null, limits, null));
        var parser = new RemoteParser(
                List.of(RemoteParser.Format.PDF),
                RemoteParser.Ocr.Auto,
                List.of(),
                "",
                new RemoteParser.Access("https://parser", null, null, parsed, 60_000));
        return run(
                new GenerationManifest(1, 2, new Chunking.ByTokens(64, 8, ""), model, 1, List.of()).with(parser),
                store,
                database);
    }

    private static RunSpecification run(GenerationManifest manifest, RateLimit store, RateLimit database) {
        var bucket = new SourceManifest.S3("docs", "", null, "us-east-1", false, null, false, null, store, null);
        var rows = new SourceManifest.Jdbc(
                SourceManifest.Jdbc.Engine.MariaDB,
                "db",
                3306,
                "kb",
                "SELECT 1",
                new SourceManifest.Jdbc.Columns("id", "content", null, null, null, null, List.of()),
                SourceManifest.Jdbc.Format.text,
                true,
                "kb",
                null,
                database);
        return new RunSpecification(
                "handbook-1",
                RunMode.Build,
                new IndexNames("cc", "docs", "handbook"),
                manifest,
                List.of(),
                List.of(
                        new SourceManifest("bucket", bucket, List.of(), List.of(), null, null),
                        new SourceManifest("rows", rows, List.of(), List.of(), null, null)),
                new ElasticsearchAccess(List.of("https://es:9200"), null, null),
                new RunSpecification.Limits(1, 1, 50, 0),
                new RunSpecification.DeletionGuard(50, 10, null, 1));
    }
}
