package dev.concordance.operator.plan;

import dev.concordance.impact.Impact;
import dev.concordance.impact.ManifestDifference;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.operator.elastic.Measurements;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Foresees what a change takes. Vectors are taken to be reused where it is known that the very texts have some: where chunks stay as
 * they are and the model too, or where a kept generation was cut alike for the same model. So a plan says what is computed at most.
 */
public final class Estimator {
    /** A float of a vector, and the byte of it that an approximate search holds beside it. */
    private static final int BYTES_A_DIMENSION = 5;
    /** Lucene's largest merged segment: while it is written, what it is made of is still there. */
    private static final long MOST_MERGED = 5L << 30;

    private static final Duration START = Duration.ofSeconds(10);

    private final Serving live;
    private final GenerationManifest declared;
    private final List<GenerationManifest> kept;
    private final Measurements measured;

    /** The generation that serves, which holds something. */
    public record Serving(GenerationManifest manifest, GenerationState state, int replicas) {}

    private Estimator(Serving live, GenerationManifest declared, List<GenerationManifest> kept, Measurements measured) {
        this.live = live;
        this.declared = declared;
        this.kept = List.copyOf(kept);
        this.measured = measured;
    }

    /**
     * The plan of a change.
     *
     * @param kept other generations whose vectors can be copied
     */
    public static ChangePlan plan(
            Serving live, GenerationManifest declared, List<GenerationManifest> kept, Measurements measured) {
        var causes = ManifestDifference.between(live.manifest(), declared);
        var impact = ManifestDifference.impact(causes);
        var digest = ChangePlan.digest(live.manifest().digest(), declared.digest());
        return new ChangePlan(digest, impact, causes, new Estimator(live, declared, kept, measured).work(impact));
    }

    private Workload work(Impact impact) {
        var state = live.state();
        var cut = impact.compareTo(Impact.REEMBED) > 0
                ? ChunkEstimate.of(state.documents(), state.chunks(), state.tokens(), live.manifest(), declared)
                : new ChunkEstimate(state.chunks(), state.tokens());
        var computed = hasVectors(impact) ? 0 : cut.chunks();
        var tokens = computed == 0 ? 0 : cut.tokens() * ChunkEstimate.passes(declared.chunking());
        return new Workload(
                state.documents(),
                cut.chunks(),
                cut.chunks() - computed,
                computed,
                tokens,
                cost(declared.model(), tokens),
                duration(cut.chunks() - computed, tokens),
                disk(cut.chunks()));
    }

    /** Whether the very texts are known to have vectors of the declared model. */
    private boolean hasVectors(Impact impact) {
        var model = declared.model().digest();
        var cutsAsBefore = impact.compareTo(Impact.RECHUNK) < 0;
        return cutsAsBefore && live.manifest().model().digest().equals(model)
                || kept.stream()
                        .filter(other -> other.model().digest().equals(model))
                        .anyMatch(other -> ManifestDifference.impact(ManifestDifference.between(other, declared))
                                        .compareTo(Impact.REEMBED)
                                < 0);
    }

    private static Optional<Workload.Cost> cost(EmbeddingModelManifest model, long tokens) {
        return model instanceof RemoteModel remote && remote.access().price() != null
                ? Optional.of(new Workload.Cost(
                        remote.access().price().of(tokens),
                        remote.access().price().currency()))
                : Optional.empty();
    }

    /** A model that was never measured is taken to be as fast as the live one. */
    private Optional<Duration> duration(long written, long tokens) {
        var rates = measured.throughput();
        var embedding = Optional.ofNullable(
                        rates.embedding().get(declared.model().digest()))
                .or(() -> Optional.ofNullable(
                        rates.embedding().get(live.manifest().model().digest())));
        var writing = Optional.ofNullable(rates.writing()).or(() -> embedding.map(this::chunks));
        if (tokens > 0 && embedding.isEmpty() || written > 0 && writing.isEmpty()) {
            return Optional.empty();
        }
        var seconds = (tokens > 0 ? tokens / embedding.get() : 0) + (written > 0 ? written / writing.get() : 0);
        return Optional.of(START.plusMillis(Math.round(seconds * 1_000)));
    }

    /** Who writes only is no slower than who embeds before. */
    private double chunks(double tokensASecond) {
        var state = live.state();
        return tokensASecond * state.chunks() / Math.max(1, state.tokens());
    }

    private Optional<Long> disk(long chunks) {
        if (measured.liveBytes() <= 0 || live.state().chunks() <= 0) {
            return Optional.empty();
        }
        var aChunk = (double) measured.liveBytes() / live.state().chunks();
        var otherVectors =
                (declared.model().dimensions() - live.manifest().model().dimensions()) * BYTES_A_DIMENSION;
        var primary = Math.round(Math.max(0, aChunk + otherVectors) * chunks);
        var merging = Math.min(primary, MOST_MERGED * declared.shards());
        return Optional.of((primary + merging) * (1 + live.replicas()));
    }
}
