package dev.concordance.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.http.Time;
import dev.concordance.index.Shard;
import dev.concordance.ingest.ErasingRun;
import dev.concordance.ingest.Following;
import dev.concordance.ingest.Ingestion;
import dev.concordance.ingest.StopSignal;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.RunSpecification.Limits;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstones;
import dev.concordance.parse.Parser;
import dev.concordance.source.Reading;
import dev.concordance.source.Source;
import dev.concordance.source.Sources;
import dev.concordance.source.Watch;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A corpus of one source in a test: makes its indexes as the operator does, and runs.
 *
 * @param elasticsearch base URL of a node
 * @param model shared by the runs; they don't close it
 */
public record Corpora(
        URI elasticsearch, Embedder model, SourceManifest source, Path mount, Path workspace, IndexNames names) {
    public static final Limits LIMITS = new Limits(1 << 20, 500, 50, 2);

    /** Lets everything disappear at once. */
    public static final DeletionGuard UNGUARDED = new DeletionGuard(0, 100, null, null);

    private static final AtomicInteger NEXT = new AtomicInteger();

    /** One of the files below {@code data} in a test's folder; each has a name of its own. */
    public static Corpora in(Path folder, URI elasticsearch, Embedder model, SourceManifest.@Nullable JsonLines jsonl)
            throws IOException {
        return new Corpora(
                elasticsearch,
                model,
                volume("files", jsonl),
                Files.createDirectories(folder.resolve("data")),
                folder.resolve("work"),
                new IndexNames("cc", "test", "c" + NEXT.incrementAndGet()));
    }

    public static GenerationManifest manifest(int generation, Chunking chunking) {
        return new GenerationManifest(
                generation,
                GenerationManifest.PIPELINE,
                chunking,
                BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                1,
                List.of(new MetadataField("year", MetadataField.Type.LONG)));
    }

    /** Another generation of the same settings but for these. */
    public static GenerationManifest other(
            GenerationManifest given, int generation, int shards, List<MetadataField> metadata) {
        return new GenerationManifest(
                generation,
                given.pipeline(),
                given.chunking(),
                given.model(),
                shards,
                metadata,
                given.privacy(),
                given.documentLevel(),
                given.parser());
    }

    public static GenerationManifest manifest(int generation) {
        return manifest(generation, new Chunking.ByHeadings(64, 8, "{title} > {headings}"));
    }

    /** One whose documents say who may see them. */
    public static GenerationManifest documentLevel() {
        var plain = manifest(1);
        return new GenerationManifest(
                1,
                plain.pipeline(),
                plain.chunking(),
                plain.model(),
                plain.shards(),
                plain.metadata(),
                plain.privacy(),
                true,
                null);
    }

    /** A bucket of a store on this machine that anybody may read. */
    public static SourceManifest bucket(String source, String bucket, URI store) {
        var objects = new SourceManifest.S3(
                bucket,
                "",
                store.toString(),
                "us-east-1",
                true,
                null,
                false,
                null,
                SourceManifest.RateLimit.NONE,
                null);
        return new SourceManifest(source, objects, List.of(), List.of(), null, null);
    }

    public static SourceManifest volume(String name, SourceManifest.@Nullable JsonLines jsonl) {
        return new SourceManifest(
                name, new SourceManifest.Volume("data", ""), List.of(), List.of(), "https://example.org/{path}", jsonl);
    }

    public void create(GenerationManifest manifest) {
        try (var connection = connection()) {
            put(
                    connection,
                    names.generation(manifest.generation()),
                    GenerationMapping.chunks(manifest, 0).toString());
            put(
                    connection,
                    names.manifest(manifest.generation()),
                    GenerationMapping.manifest(manifest, 0).toString());
            put(connection, names.ledger(), GenerationMapping.ledger(0).toString());
            if (manifest.model().cache() != null) {
                put(
                        connection,
                        names.embeddings(manifest.model().digest()),
                        GenerationMapping.embeddings(0).toString());
            }
            if (manifest.model() instanceof RemoteModel) {
                put(connection, names.spending(), GenerationMapping.ledger(0).toString());
            }
        }
    }

    public Counts run(String name, GenerationManifest manifest, List<Integer> reuse) {
        return run(name, manifest, reuse, UnaryOperator.identity());
    }

    public Counts run(
            String name, GenerationManifest manifest, List<Integer> reuse, UnaryOperator<SourceManifest> declaration) {
        return run(specification(name, manifest, reuse, List.of(declaration.apply(source))));
    }

    /** Opens a source as a worker does. */
    public Source open(SourceManifest declared) {
        return Sources.open(declared, mounted(null));
    }

    /** The same of one that may be pushed to. */
    public Source open(SourceManifest declared, ElasticsearchConnection connection) {
        return Sources.open(declared, reading(connection));
    }

    /** What a worker is told. */
    public RunSpecification specification(
            String name, GenerationManifest manifest, List<Integer> reuse, List<SourceManifest> sources) {
        return new RunSpecification(
                name,
                RunMode.Incremental,
                names,
                manifest,
                reuse,
                sources,
                new ElasticsearchAccess(List.of(elasticsearch.toString()), null, null),
                LIMITS,
                UNGUARDED,
                Tombstones.NONE,
                null,
                null,
                Duration.ofDays(7).toMillis(),
                true);
    }

    /** The same specification with a guard. */
    public static RunSpecification guarded(RunSpecification given, DeletionGuard guard) {
        return with(given, given.mode(), given.limits(), guard);
    }

    /** The same specification of a run that trusts nothing. */
    public static RunSpecification verifying(RunSpecification given) {
        return with(given, RunMode.Verify, given.limits(), given.deletionGuard());
    }

    /** The same specification of a run that fills a generation. */
    public static RunSpecification building(RunSpecification given) {
        return with(given, RunMode.Build, given.limits(), given.deletionGuard());
    }

    /** The same specification of a run that follows its sources. */
    public static RunSpecification following(RunSpecification given, Duration maxStaleness) {
        return new RunSpecification(
                given.run(),
                RunMode.Follow,
                given.names(),
                given.manifest(),
                given.reuseGenerations(),
                given.sources(),
                given.elasticsearch(),
                given.limits(),
                given.deletionGuard(),
                given.tombstones(),
                null,
                new RunSpecification.Following(maxStaleness.toMillis(), maxStaleness.toMillis()),
                given.latencyWindowMillis(),
                given.traced(),
                given.from());
    }

    /** Follows the sources until it is told to stop. */
    public void follow(RunSpecification specification, StopSignal stop) {
        follow(specification, Clock.systemUTC(), stop);
    }

    /** The same by another clock. */
    public void follow(RunSpecification specification, Clock clock, StopSignal stop) {
        try (var connection = connection()) {
            follow(
                    specification,
                    connection,
                    declared -> Sources.open(declared, reading(connection)),
                    declared -> Sources.watch(declared, reading(connection)),
                    clock,
                    stop);
        }
    }

    /** The same with sources that are opened so, and tell of nothing by themselves. */
    public void follow(
            RunSpecification specification, Function<SourceManifest, Source> opening, Clock clock, StopSignal stop) {
        try (var connection = connection()) {
            follow(specification, connection, opening, declared -> Optional.empty(), clock, stop);
        }
    }

    private void follow(
            RunSpecification specification,
            ElasticsearchConnection connection,
            Function<SourceManifest, Source> opening,
            Function<SourceManifest, Optional<Watch>> watches,
            Clock clock,
            StopSignal stop) {
        new Following(
                        specification,
                        connection,
                        opening,
                        watches,
                        purse -> new Borrowed(model),
                        workspace,
                        clock,
                        stop,
                        () -> 0.5)
                .run();
    }

    /** The same specification of a run that keeps these documents out. */
    public static RunSpecification without(RunSpecification given, Tombstones tombstones) {
        return with(given, given.mode(), tombstones, null);
    }

    /** Erases. */
    public Counts erase(String run, GenerationManifest manifest, ErasureOrder order) {
        return erase(run, manifest, order, List.of());
    }

    /** Erases where these sources are pushed to. */
    public Counts erase(String run, GenerationManifest manifest, ErasureOrder order, List<SourceManifest> pushedTo) {
        try (var connection = connection()) {
            return erase(connection, specification(run, manifest, List.of(), pushedTo), order);
        }
    }

    /** Erases by this connection. */
    public Counts erase(
            ElasticsearchConnection connection, String run, GenerationManifest manifest, ErasureOrder order) {
        return erase(connection, specification(run, manifest, List.of(), List.of()), order);
    }

    private Counts erase(ElasticsearchConnection connection, RunSpecification given, ErasureOrder order) {
        return new ErasingRun(
                        with(given, RunMode.Erase, Tombstones.NONE, order),
                        connection,
                        workspace,
                        Clock.systemUTC(),
                        new StopSignal())
                .run();
    }

    private static RunSpecification with(
            RunSpecification given, RunMode mode, Tombstones tombstones, @Nullable ErasureOrder order) {
        return new RunSpecification(
                given.run(),
                mode,
                given.names(),
                given.manifest(),
                given.reuseGenerations(),
                given.sources(),
                given.elasticsearch(),
                given.limits(),
                given.deletionGuard(),
                tombstones,
                order,
                given.following(),
                given.latencyWindowMillis(),
                given.traced(),
                given.from());
    }

    /** The same specification of a run over a corpus without a tracer. */
    public static RunSpecification untraced(RunSpecification given) {
        return new RunSpecification(
                given.run(),
                given.mode(),
                given.names(),
                given.manifest(),
                given.reuseGenerations(),
                given.sources(),
                given.elasticsearch(),
                given.limits(),
                given.deletionGuard(),
                given.tombstones(),
                given.erasure(),
                given.following(),
                given.latencyWindowMillis(),
                false,
                given.from());
    }

    /** The same specification with other limits. */
    public static RunSpecification limited(RunSpecification given, Limits limits) {
        return with(given, given.mode(), limits, given.deletionGuard());
    }

    private static RunSpecification with(RunSpecification given, RunMode mode, Limits limits, DeletionGuard guard) {
        return new RunSpecification(
                given.run(),
                mode,
                given.names(),
                given.manifest(),
                given.reuseGenerations(),
                given.sources(),
                given.elasticsearch(),
                limits,
                guard,
                given.tombstones(),
                given.erasure(),
                given.following(),
                given.latencyWindowMillis(),
                given.traced(),
                given.from());
    }

    /** Does a run. */
    public Counts run(RunSpecification specification) {
        return run(specification, null, purse -> new Borrowed(model));
    }

    /** Does a run with a model that may cost something. */
    public Counts run(RunSpecification specification, Function<Purse, Embedder> opened) {
        return run(specification, null, opened);
    }

    /** Does what the worker of a shard does before a run. */
    public Counts prepare(RunSpecification specification, Shard shard) {
        return run(specification, shard, purse -> new Borrowed(model));
    }

    private Counts run(RunSpecification specification, @Nullable Shard shard, Function<Purse, Embedder> opened) {
        try (var connection = connection()) {
            return new Ingestion(
                            specification,
                            connection,
                            declared -> Sources.open(declared, reading(connection)),
                            opened,
                            workspace,
                            Clock.systemUTC(),
                            new StopSignal(),
                            shard)
                    .run();
        }
    }

    /** Writes a file of the source. */
    public void write(String file, String text) throws IOException {
        Files.writeString(mount.resolve(file), text);
    }

    /** A document of the ledger. */
    public JsonNode ledger(String id) {
        try (var connection = connection()) {
            return connection
                    .send("GET", "/" + names.ledger() + "/_doc/" + id, null)
                    .json()
                    .path("_source");
        }
    }

    /** The same corpus, seen through another address of Elasticsearch. */
    public Corpora through(URI address) {
        return new Corpora(address, model, source, mount, workspace, names);
    }

    private Reading reading(ElasticsearchConnection connection) {
        return mounted(Reading.Inbox.of(connection, names, Clock.systemUTC()));
    }

    private Reading mounted(Reading.@Nullable Inbox inbox) {
        return new Reading(mount -> this.mount, workspace, LIMITS.maxDocumentBytes(), Parser::isPassedOver, inbox);
    }

    /** One as a worker has it. */
    public ElasticsearchConnection connection() {
        return ElasticsearchConnection.open(
                        new ElasticsearchAccess(List.of(elasticsearch.toString()), null, null),
                        mount -> this.mount,
                        Duration.ofSeconds(60))
                .patient(Time.REAL);
    }

    private static void put(ElasticsearchConnection connection, String index, String body) {
        connection.send("PUT", "/" + index, body.getBytes(StandardCharsets.UTF_8));
    }
}
