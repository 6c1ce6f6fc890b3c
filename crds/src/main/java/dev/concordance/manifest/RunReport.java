package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.concordance.manifest.Spending.Amount;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an ingestion run tells of itself: the ledger's document {@code run-<name>}, written at least every two seconds
 * while the run works, and once at its end; by a run that follows its sources once a minute, and whenever how it stands changes.
 * Workers among which a run is divided tell the same of their shards.
 *
 * @param epoch the writer's epoch, as in {@link Lease}
 * @param freshAsOf up to when changes of the sources are in the generation; of a run that follows them as of the last full round
 * @param positions for each source what was listed (a git commit, a listing's digest), once known
 * @param drift what a run that verifies has found; null: it does not verify, or is not so far
 * @param spent on a remote model by this attempt; null: the model is not remote
 * @param quarantined a sample of the documents in quarantine, at most 20
 * @param unheard why a source that tells of its changes can't be listened to and has to be asked instead; null: none is so
 */
public record RunReport(
        String run,
        int generation,
        RunMode mode,
        Phase phase,
        long epoch,
        Instant startedAt,
        Instant updatedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant freshAsOf,
        Counts counts,
        @Nullable Amount spent,
        Map<String, String> positions,
        @Nullable Drift drift,
        List<Quarantined> quarantined,
        @Nullable Failure failure,
        @Nullable String unheard) {
    /** Most shards of a run. */
    public static final int MOST_SHARDS = 16;

    public RunReport {
        positions = Map.copyOf(positions);
        quarantined = List.copyOf(quarantined);
    }

    /** The report of a run that listens to no source, or hears them all. */
    public RunReport(
            String run,
            int generation,
            RunMode mode,
            Phase phase,
            long epoch,
            Instant startedAt,
            Instant updatedAt,
            @Nullable Instant finishedAt,
            @Nullable Instant freshAsOf,
            Counts counts,
            @Nullable Amount spent,
            Map<String, String> positions,
            @Nullable Drift drift,
            List<Quarantined> quarantined,
            @Nullable Failure failure) {
        this(
                run,
                generation,
                mode,
                phase,
                epoch,
                startedAt,
                updatedAt,
                finishedAt,
                freshAsOf,
                counts,
                spent,
                positions,
                drift,
                quarantined,
                failure,
                null);
    }

    /** Id of a run's report in the ledger. */
    public static String id(String run) {
        return "run-" + run;
    }

    /** Name under which the worker of a shard reports; no run has such a name. */
    public static String ofShard(String run, int shard) {
        return run + ".shard-" + shard;
    }

    /** Where a run stands. */
    public enum Phase {
        Listing,
        Indexing,
        /** All that was listed is searchable, and the sources are followed. */
        Following,
        Succeeded,
        Failed
    }

    /**
     * Counts of one run. Documents: {@code listed = unchanged + added + updated + quarantined + skipped + still to do}. A run that
     * follows its sources counts what it has done since it began; {@code listed} and {@code unchanged} are those that it knows.
     *
     * @param pending documents that are known to need work and are not done
     * @param embedded texts that went through the model
     * @param reused vectors that were copied instead
     * @param pendingEmbeddings chunks in the generation whose text the model refuses
     * @param findings what the privacy transforms have found in the documents that were read, each counted once
     */
    public record Counts(
            long listed,
            long unchanged,
            long added,
            long updated,
            long deleted,
            long quarantined,
            long skipped,
            long pending,
            long chunksWritten,
            long embedded,
            long reused,
            long pendingEmbeddings,
            Map<Privacy.Kind, Long> findings) {
        /** Nothing counted. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());

        /** The counts of this and of a later round of the same run, of which that one tells how the documents stand. */
        public Counts and(Counts later) {
            var found = new EnumMap<Privacy.Kind, Long>(Privacy.Kind.class);
            found.putAll(findings);
            later.findings().forEach((kind, count) -> found.merge(kind, count, Long::sum));
            return new Counts(
                    later.listed(),
                    later.unchanged(),
                    added + later.added(),
                    updated + later.updated(),
                    deleted + later.deleted(),
                    later.quarantined(),
                    later.skipped(),
                    later.pending(),
                    chunksWritten + later.chunksWritten(),
                    embedded + later.embedded(),
                    reused + later.reused(),
                    later.pendingEmbeddings(),
                    found);
        }

        /** A report that was written before there were transforms has no findings. */
        @SuppressWarnings("ConstantValue")
        public Counts {
            findings = findings == null ? Map.of() : Map.copyOf(findings);
        }
    }

    /**
     * What differed from what the manifest says, though nothing had told of a change; all of it was repaired.
     *
     * @param damaged documents whose chunks were not as they had been written
     * @param overlooked documents whose content was another, with an unchanged change key
     * @param orphaned chunks that no record knows
     * @param sample of the documents, {@code source:id}, at most {@value #SAMPLE}
     */
    public record Drift(long damaged, long overlooked, long orphaned, List<String> sample) {
        /** Most documents that are named. */
        public static final int SAMPLE = 20;

        public Drift {
            sample = List.copyOf(sample);
        }

        /** Whether there was any. */
        @JsonIgnore
        public boolean isFound() {
            return damaged + overlooked + orphaned > 0;
        }
    }

    /** A document that could not be indexed. */
    public record Quarantined(String source, String documentId, QuarantineReason reason, String message) {}

    /**
     * Why a run ended without success.
     *
     * @param retryable false: nothing changes until the user changes something
     */
    public record Failure(FailureReason reason, String message, boolean retryable) {}
}
