package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.chunking.Chunk;
import dev.concordance.chunking.Chunker;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.embedding.Role;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.Parser;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.RandomCorpus;
import dev.concordance.testing.RealCorpora;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ingestion of a corpus against a bare loop over the model: the same chunks, the same number of threads, in turns, after
 * rehearsals with made-up vectors: a cluster is seldom just started, and the compilers of its JVM take more of these cores
 * than its indexing until they have seen enough. Started by hand, see docs/benchmarks.md.
 */
class IngestionBench {
    private static final long SEED = 7;
    private static final int REHEARSALS = 4;
    private static final int ROUNDS = Integer.getInteger("concordance.bench.rounds", 2);
    private static final int DOCUMENTS = Integer.getInteger("concordance.bench.documents", 5_183);
    private static final int THREADS = Corpora.LIMITS.embeddingThreads();
    private static final GenerationManifest MANIFEST = new GenerationManifest(
            1,
            GenerationManifest.PIPELINE,
            new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
            BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(),
            1,
            List.of());

    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    private Path folder;

    @Test
    void keepsTheModelBusy() throws Exception {
        assertThat(RealCorpora.folder("scifact"))
                .as("-Dconcordance.data=FOLDER")
                .isNotEmpty();
        var lines = Files.readAllLines(RealCorpora.folder("scifact").getFirst().resolve("corpus.jsonl"))
                .subList(0, DOCUMENTS);
        try (var node = ElasticsearchProcess.start(
                        ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")));
                var model = OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly())) {
            Files.write(Files.createDirectories(folder.resolve("data")).resolve("all.jsonl"), lines);
            for (var rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
                ingest(corpus(node, new MadeUp(model, new Random(SEED)), "rehearsal" + rehearsal));
            }
            var texts = texts(lines, model);
            var bare = 0L;
            var ingested = 0L;
            var unchanged = 0L;
            var busy = busy(node);
            for (var round = 0; round < ROUNDS; round++) {
                var corpus = corpus(node, model, "round" + round);
                if (round % 2 == 0) {
                    bare += nanos(() -> loop(texts, model));
                    ingested += nanos(() -> ingest(corpus));
                } else {
                    ingested += nanos(() -> ingest(corpus));
                    bare += nanos(() -> loop(texts, model));
                }
                unchanged += nanos(() -> ingest(corpus));
            }
            System.out.printf(
                    "%d documents, %d chunks, %d threads, %d rounds: bare %.1f s, ingestion %.1f s, ratio %.3f, unchanged %.2f s; Elasticsearch took %.1f s of processor time%n",
                    DOCUMENTS,
                    texts.size(),
                    THREADS,
                    ROUNDS,
                    bare / 1e9,
                    ingested / 1e9,
                    (double) bare / ingested,
                    unchanged / 1e9,
                    busy(node).minus(busy).toMillis() / 1e3);
            assertThat((double) bare / ingested).isGreaterThanOrEqualTo(0.95);
            assertThat(unchanged).isLessThanOrEqualTo(Math.max(ROUNDS * 3_000_000_000L, ingested / 100));
        }
    }

    /** What it costs to keep vectors for other corpora: with vectors that cost nothing, nothing else differs. */
    @Test
    void keepsVectorsForOtherCorpora() throws Exception {
        assertThat(RealCorpora.folder("scifact"))
                .as("-Dconcordance.data=FOLDER")
                .isNotEmpty();
        var lines = Files.readAllLines(RealCorpora.folder("scifact").getFirst().resolve("corpus.jsonl"))
                .subList(0, DOCUMENTS);
        var kept = Guides.with(
                MANIFEST, BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().with(new EmbeddingCache(3, 1_000_000)));
        try (var node = ElasticsearchProcess.start(
                        ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")));
                var model = OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly())) {
            Files.write(Files.createDirectories(folder.resolve("data")).resolve("all.jsonl"), lines);
            for (var rehearsal = 0; rehearsal < REHEARSALS; rehearsal++) {
                ingest(corpus(node, new MadeUp(model, new Random(SEED)), "rehearsal" + rehearsal));
            }
            var chunks = 0L;
            var without = Duration.ZERO;
            var with = Duration.ZERO;
            for (var round = 0; round < ROUNDS; round++) {
                var plain = corpus(node, new MadeUp(model, new Random(SEED)), "plain" + round);
                var before = busy(node).plus(busy());
                chunks += ingest(plain).chunksWritten();
                without = without.plus(busy(node).plus(busy()).minus(before));
                var keeping = new Corpora(
                        node.url(),
                        plain.model(),
                        plain.source(),
                        plain.mount(),
                        plain.workspace(),
                        new IndexNames("cc", "keeping" + round, "corpus"));
                keeping.create(kept);
                before = busy(node).plus(busy());
                keeping.run("run" + RUNS.incrementAndGet(), kept, List.of());
                with = with.plus(busy(node).plus(busy()).minus(before));
            }
            System.out.printf(
                    "%d chunks: %.2f ms of processor time each without, %.2f ms with vectors kept for others%n",
                    chunks, without.toMillis() / (double) chunks, with.toMillis() / (double) chunks);
        }
    }

    private static Duration busy() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static Counts ingest(Corpora corpus) {
        return corpus.run("run" + RUNS.incrementAndGet(), MANIFEST, List.of());
    }

    private Corpora corpus(ElasticsearchProcess node, Embedder model, String name) {
        var corpus = new Corpora(
                node.url(),
                model,
                Corpora.volume("files", new SourceManifest.JsonLines("_id", "title", "text", null, List.of())),
                folder.resolve("data"),
                folder.resolve("work"),
                new IndexNames("cc", "bench", name));
        corpus.create(MANIFEST);
        return corpus;
    }

    private static Duration busy(ElasticsearchProcess node) {
        return ProcessHandle.of(node.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** Vectors without work. */
    private record MadeUp(Embedder model, Random random) implements ModelInPlaceOf {
        @Override
        public synchronized float[] embed(Role role, String text) {
            return RandomCorpus.vector(random);
        }
    }

    /** The chunks' texts as ingestion embeds them. */
    private static List<String> texts(List<String> lines, Embedder model) throws Exception {
        var room = MANIFEST.model().maxTokens() - model.tokenizer().frame().size();
        var chunker = new Chunker(MANIFEST.chunking(), model.tokenizer(), room);
        var texts = new ArrayList<String>();
        for (var line : lines) {
            var json = ManifestJson.mapper().readTree(line);
            var document = Parser.parseText(
                    json.path("text").asText(), json.path("title").asText(), Map.of());
            chunker.chunk("", document).stream().map(Chunk::embeddedText).forEach(texts::add);
        }
        return texts;
    }

    private static int loop(List<String> texts, Embedder model) throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var futures = texts.stream()
                    .map(text -> threads.submit(() -> model.embed(Role.PASSAGE, text)))
                    .toList();
            for (var future : futures) {
                future.get();
            }
            return futures.size();
        }
    }

    private static long nanos(Callable<?> work) throws Exception {
        var begun = System.nanoTime();
        work.call();
        return System.nanoTime() - begun;
    }
}
