package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunMode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is done about a corpus. Every step may run twice. */
sealed interface CorpusStep {
    /** Creates a generation's indexes, empty. */
    record CreateGeneration(GenerationManifest manifest, int replicas) implements CorpusStep {
        @Override
        public String toString() {
            return "CreateGeneration[generation=" + manifest.generation() + ", digest=" + manifest.digest()
                    + ", replicas=" + replicas + "]";
        }
    }

    /** Creates what the run will share with other corpora, where it is missing. */
    record Share(EmbeddingModelManifest model, int replicas) implements CorpusStep {
        @Override
        public String toString() {
            return "Share[model=" + model.digest() + ", replicas=" + replicas + "]";
        }
    }

    /**
     * Creates an IngestionRun.
     *
     * @param inputs digest of what it is given
     * @param planned what it is expected to do; null: nothing was planned
     */
    record StartRun(
            long sequence,
            RunMode mode,
            int generation,
            Trigger trigger,
            String inputs,
            IngestionRunSpec.@Nullable Planned planned)
            implements CorpusStep {}

    /** Deletes an IngestionRun that nobody waits for any more; its Job ends first. */
    record StopRun(String name) implements CorpusStep {}

    /** Deletes a finished IngestionRun that is too old to be of interest. */
    record ForgetRun(String name) implements CorpusStep {}

    /** Makes a generation the one that searches are answered from. */
    record Promote(int generation, Instant since) implements CorpusStep {}

    /** Sets the number of replicas. */
    record SetReplicas(int generation, int replicas) implements CorpusStep {}

    /** Deletes a generation. */
    record DeleteGeneration(int generation) implements CorpusStep {}

    /** Creates the inbox that documents are pushed to. */
    record CreateInbox(int replicas) implements CorpusStep {}

    /** Deletes the ledger and the inbox, the last that is left of a corpus. */
    record DeleteLedger() implements CorpusStep {}

    /** Why a run is started. */
    enum Trigger {
        /** A generation has to be filled. */
        Build,
        /** Answers would become too old. */
        Schedule,
        /** The declared sources are others than those that were applied. */
        SourcesChanged,
        /** Something was pushed. */
        Pushed,
        /** The user has approved what was withheld. */
        DeletionsApproved,
        /** The sources are to be followed. */
        Continuous,
        /** The run before failed. */
        Retry
    }
}
