package dev.concordance.operator.elastic;

import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Spending;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator asks of one Elasticsearch cluster. Every write may be repeated: doing it twice is doing it once.
 * Everything throws {@link BackendException}.
 */
public interface SearchBackend extends AutoCloseable {
    /** Version and health, as far as they concern indexes whose names begin with {@code indexPrefix}. */
    ClusterFacts facts(String indexPrefix);

    /** The generations of a corpus, by number, with what the ledger says of them. */
    List<StoredGeneration> generations(IndexNames names);

    /** What the run of this name has reported last. */
    Optional<RunReport> report(IndexNames names, String run);

    /**
     * Creates the ledger if it is missing, removes what is left of an earlier generation of this number, and creates the
     * manifest index and, last, the index itself, whose existence says that all is there.
     */
    void createGeneration(IndexNames names, GenerationManifest manifest, int replicas);

    /** Creates what the corpora of the namespace share of a model, as far as it is missing: its vectors, and what it costs. */
    void share(IndexNames names, EmbeddingModelManifest model, int replicas);

    /** What the corpora of the namespace have spent on a model in a month. */
    Optional<Spending> spending(IndexNames names, String account, String month);

    /** Where what was pushed to the corpus ends; empty: there is no inbox. */
    Optional<PushPosition> inbox(IndexNames names);

    /** Up to where what was pushed is searchable in those of the generations of which that is known. */
    List<Reached> reached(IndexNames names, List<Integer> generations);

    /** Creates the inbox if it is missing. */
    void createInbox(IndexNames names, int replicas);

    /**
     * Points the corpus's alias to this generation and to no other, and has the generation tell since when, in one step: where another one
     * tells of a later moment than what the alias points to, somebody else has moved the alias.
     */
    void promote(IndexNames names, int generation, Instant since);

    /** What was measured of a corpus, one of whose generations is live, and of the cluster's disks. */
    Measurements measurements(IndexNames names, int live);

    /** By the numbers of a corpus's generations, how many searches their shards have answered since the nodes started. */
    Map<Integer, Long> searches(IndexNames names);

    /** Sets the number of replicas of a generation's indexes, of the ledger and of the inbox. */
    void setReplicas(IndexNames names, int generation, int replicas);

    /**
     * Deletes what the ledger says of a generation and, last, its indexes, since without them nobody would come again. Then
     * shared vectors go of models that no generation of the namespace has.
     */
    void deleteGeneration(IndexNames names, int generation);

    /** Deletes the ledger and the inbox; nothing if there is none. */
    void deleteLedger(IndexNames names);

    /** Forgets what a run has reported. */
    void forgetReport(IndexNames names, String run);

    /** UIDs of the Erasures that runs have carried out, and without which nobody may write until they are forgotten. */
    Set<String> erasures(IndexNames names);

    /** What runs have erased for the Erasure of this UID. */
    Optional<ErasureReport> erased(IndexNames names, String erasure);

    /** Forgets that; nothing if there is nothing to forget. */
    void forgetErased(IndexNames names, String erasure);

    /** UUIDs by name of the indexes of a corpus's generations, and of its inbox, as {@link
     * dev.concordance.manifest.IndexIdentity} has them: one that was restored from a snapshot has another one. */
    Map<String, String> uuids(IndexNames names);

    /**
     * Looks for the corpus's tracer, as whoever searches does.
     *
     * @param dimensions of the vectors
     */
    TracerSight tracer(IndexNames names, int dimensions);

    /** The snapshots that hold something of the corpus and were begun before this moment. */
    SnapshotListing snapshots(IndexNames names, Instant before);

    /** Vectors that corpora of the namespace share, and that nobody has used after this month (UTC). */
    List<FormerVectors> formerVectors(IndexNames names, YearMonth month);

    @Override
    void close();
}
