package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.impact.Impact;
import dev.concordance.impact.ManifestDifference;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.ManifestRecord;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tracer;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Source;
import dev.concordance.spool.Spools;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a change takes, counted: what is fetched, cut, embedded and written is exactly what its impact lets. */
class ImpactIT {
    private static final int DOCUMENTS = 12;
    private static final GenerationManifest LIVE = Corpora.manifest(1);
    private static final MetadataField YEAR = new MetadataField("year", MetadataField.Type.LONG);
    private static final MetadataField TOPIC = new MetadataField("topic", MetadataField.Type.KEYWORD);

    private static Embedder other;

    @TempDir
    private Path folder;

    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger embeds = new AtomicInteger();
    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeAll
    static void loadTheOtherModel() {
        other = OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly());
    }

    @AfterAll
    static void closeTheOtherModel() {
        other.close();
    }

    @BeforeEach
    void indexSomeDocuments() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = Corpora.in(folder, proxy.url(), SmallModel.get(), null);
        for (var i = 0; i < DOCUMENTS; i++) {
            corpus.write(
                    "d%02d.md".formatted(i),
                    "---\nyear: %d\ntopic: t%d\n---\n# Title %d\n\nWords number %d.\n\n## Below\n\nThe same everywhere, which is %s.\n"
                            .formatted(1990 + i, i % 3, i, i, "long and ".repeat(20)));
        }
        corpus.write("empty.md", "");
        corpus.create(LIVE);
        corpus.run("first", LIVE, List.of());
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    static Stream<Arguments> changes() {
        var shards = Corpora.other(LIVE, 2, 2, LIVE.metadata());
        var added = Corpora.other(LIVE, 2, 1, List.of(YEAR, TOPIC));
        var removed = Corpora.other(LIVE, 2, 1, List.of());
        var retyped = Corpora.other(LIVE, 2, 1, List.of(new MetadataField("year", MetadataField.Type.DOUBLE)));
        var model = manifest(LIVE.pipeline(), LIVE.chunking(), BundledModel.BGE_SMALL_EN_V1_5_Q.manifest());
        var chunking = manifest(LIVE.pipeline(), new Chunking.ByHeadings(24, 0, ""), LIVE.model());
        var pipeline = manifest(LIVE.pipeline() + 1, LIVE.chunking(), LIVE.model());
        return Stream.of(
                arguments("index.shards", shards, Impact.REMAP),
                arguments("metadata[].name, one more", added, Impact.REMAP),
                arguments("metadata[].name, one less", removed, Impact.REMAP),
                arguments("metadata[].type", retyped, Impact.REMAP),
                arguments("embeddingModelRef.name", model, Impact.REEMBED),
                arguments("chunkingPolicyRef.name", chunking, Impact.RECHUNK),
                arguments("the operator's version", pipeline, Impact.REFETCH));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("changes")
    void takesWhatItsImpactLetsAndNoMore(String change, GenerationManifest manifest, Impact impact) throws IOException {
        assertThat(ManifestDifference.impact(ManifestDifference.between(LIVE, manifest)))
                .isEqualTo(impact);
        corpus.create(manifest);

        var counts = build(manifest, impact);

        var fresh = fresh(manifest);
        var reads = impact.compareTo(Impact.RECHUNK) >= 0;
        assertThat(lists.get()).isEqualTo(reads ? 1 : 0);
        assertThat(fetches.get()).as("documents fetched").isEqualTo(reads ? DOCUMENTS + 1 : 0);
        assertThat(cuts.get() > 0).as("cut").isEqualTo(reads);
        var isLoaded = impact != Impact.REMAP;
        assertThat(loads.get()).as("models loaded").isEqualTo(isLoaded ? 1 : 0);
        assertThat(embeds.get()).as("texts embedded").isEqualTo(newTexts());
        assertThat(counts.embedded()).isEqualTo(embeds.get());
        assertThat(counts.embedded() + counts.reused()).as("vectors").isEqualTo(fresh.chunks());
        assertThat(counts.chunksWritten()).isEqualTo(fresh.chunks());
        assertThat(written(corpus.names().generation(2))).hasSize((int) fresh.chunks());
        assertThat(written(corpus.names().manifest(2))).hasSize(DOCUMENTS + 1);
        assertThat(written(corpus.names().generation(1))).isEmpty();
        assertThat(written(corpus.names().manifest(1))).isEmpty();
        assertThat(IndexSnapshot.ofEverything(SharedNode.url(), corpus.names().generation(2)))
                .isEqualTo(fresh);
    }

    /** The way back finds what there is. */
    @Test
    void embedsNothingOnTheWayBackToAModelWhoseVectorsAreStillThere() throws IOException {
        var there = manifest(LIVE.pipeline(), LIVE.chunking(), BundledModel.BGE_SMALL_EN_V1_5_Q.manifest());
        corpus.create(there);
        build(there, Impact.REEMBED);
        embeds.set(0);
        var back = LIVE.numbered(3);
        corpus.create(back);

        var counts = run(specification("back", back, List.of(1)).copying(2), SmallModel.get());

        assertThat(embeds).hasValue(0);
        assertThat(fetches).hasValue(0);
        assertThat(counts.embedded()).isZero();
        assertThat(IndexSnapshot.ofEverything(SharedNode.url(), corpus.names().generation(3)))
                .isEqualTo(fresh(back));
    }

    @Test
    void readsOfWhatWasCopiedOnlyWhatMayBeLetInNow() throws IOException {
        corpus.write("later.md", "---\nyear: soon\n---\n# Later\n\nNobody knows when.\n");
        corpus.run("second", LIVE, List.of());
        var retyped = Corpora.other(LIVE, 2, 1, List.of(new MetadataField("year", MetadataField.Type.KEYWORD)));
        corpus.create(retyped);
        assertThat(build(retyped, Impact.REMAP).quarantined()).isEqualTo(1);
        assertThat(fetches).hasValue(0);

        var counts = build(retyped, Impact.REFETCH);

        assertThat(fetches).hasValue(1);
        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.unchanged()).isEqualTo(DOCUMENTS);
        assertThat(IndexSnapshot.ofEverything(SharedNode.url(), corpus.names().generation(2)))
                .isEqualTo(fresh(retyped));
    }

    @Test
    void keepsOutWhatDoesNotFitAndKnowsTheRestAsAFreshBuildDoes() throws IOException {
        var typed = Corpora.other(LIVE, 2, 1, List.of(YEAR, new MetadataField("topic", MetadataField.Type.LONG)));
        corpus.create(typed);

        assertThat(build(typed, Impact.REMAP).quarantined()).isEqualTo(DOCUMENTS);

        var another = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        another.create(typed);
        another.run("fresh", typed, List.of());
        assertThat(records(corpus)).isEqualTo(records(another));
    }

    @Test
    void promisesWhatTheOtherOnePromises() {
        var manifest = Corpora.other(LIVE, 2, 2, LIVE.metadata());
        corpus.create(manifest);
        build(manifest, Impact.REMAP);
        var live = corpus.ledger("generation-1");
        var copy = corpus.ledger("generation-2");
        for (var same : List.of(
                "freshAsOf", "documents", "chunks", "tokens", "quarantined", "sourcesDigest", "positions", "hidden")) {
            assertThat(copy.path(same)).as(same).isEqualTo(live.path(same));
        }
        assertThat(copy.path("quarantineSample")).isEqualTo(live.path("quarantineSample"));
        assertThat(copy.path("tracedAt")).isEqualTo(live.path("freshAsOf"));
        assertThat(corpus.ledger("lease").path("unfinished")).isEmpty();
    }

    /** Texts of the candidate, as its model knows them, that the live generation doesn't have. */
    private int newTexts() {
        var texts = hashes(2);
        texts.removeAll(hashes(1));
        return texts.size();
    }

    private Set<String> hashes(int generation) {
        var hashes = new HashSet<String>();
        try (var connection = corpus.connection()) {
            new GenerationReader(connection, corpus.names(), generation)
                    .chunks(ManifestJson.mapper().createObjectNode(), hit -> {
                        if (!hit.path("_id").asText().equals(Tracer.KEY)) {
                            hashes.add(hit.path("_source").path("textHash").asText());
                        }
                    });
        }
        return hashes;
    }

    private List<ManifestRecord> records(Corpora of) throws IOException {
        try (var connection = of.connection();
                var spools = Spools.in(folder.resolve("records"));
                var records = new GenerationReader(connection, of.names(), 2)
                        .records(spools)
                        .open()) {
            var all = new ArrayList<ManifestRecord>();
            records.forEachRemaining(record -> all.add(record.copied(0, List.of())));
            return all;
        }
    }

    private List<String> written(String index) {
        return proxy.writes().stream()
                .filter(write -> write.index().equals(index) && !write.id().equals(Tracer.KEY))
                .map(write -> write.action() + " " + write.id())
                .toList();
    }

    private IndexSnapshot fresh(GenerationManifest manifest) throws IOException {
        var another = Corpora.in(
                folder, SharedNode.url(), manifest.model().equals(LIVE.model()) ? SmallModel.get() : other, null);
        another.create(manifest);
        another.run("fresh", manifest, List.of());
        return IndexSnapshot.ofEverything(SharedNode.url(), another.names().generation(manifest.generation()));
    }

    private Counts build(GenerationManifest manifest, Impact impact) {
        proxy.forget();
        var specification = specification("build-" + lists.get(), manifest, List.of(1));
        return run(
                impact.startsFromChunks() ? specification.copying(1) : specification,
                manifest.model().equals(LIVE.model()) ? SmallModel.get() : other);
    }

    private RunSpecification specification(String run, GenerationManifest manifest, List<Integer> reuse) {
        return Corpora.building(corpus.specification(run, manifest, reuse, List.of(corpus.source())));
    }

    private Counts run(RunSpecification specification, Embedder model) {
        try (var connection = corpus.connection()) {
            return new Ingestion(
                            specification,
                            connection,
                            this::open,
                            purse -> {
                                loads.incrementAndGet();
                                return new CountedModel(model, cuts, embeds);
                            },
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
    }

    private Source open(SourceManifest declared) {
        lists.incrementAndGet();
        return new CountedSource(corpus.open(declared), fetches);
    }

    private static GenerationManifest manifest(int pipeline, Chunking chunking, EmbeddingModelManifest model) {
        return new GenerationManifest(2, pipeline, chunking, model, 1, LIVE.metadata());
    }

    private record CountedSource(Source source, AtomicInteger fetches) implements SourceInPlaceOf {
        @Override
        public Content content(Entry.Stored entry) {
            var content = source.content(entry);
            return new CountedContent(content, fetches);
        }
    }

    private record CountedContent(Content content, AtomicInteger fetches) implements Content {
        @Override
        public long size() throws IOException {
            return content.size();
        }

        @Override
        public byte[] read() throws IOException {
            fetches.incrementAndGet();
            return content.read();
        }
    }

    private record CountedModel(Embedder model, AtomicInteger cuts, AtomicInteger embeds) implements ModelInPlaceOf {
        @Override
        public float[] embed(Role role, String text) {
            embeds.incrementAndGet();
            return model.embed(role, text);
        }

        @Override
        public Tokenizer tokenizer() {
            cuts.incrementAndGet();
            return model.tokenizer();
        }
    }
}
