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
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.Parser;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.RealCorpora;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ingestion against a bare loop over the model: the same chunks, the same number of threads, in turns, slice by slice.
 * Started by hand, see docs/benchmarks.md.
 */
class IngestionBench {
    private static final int SLICES = Integer.getInteger("concordance.bench.slices", 10);
    private static final int DOCUMENTS = Integer.getInteger("concordance.bench.documents", 5_183);
    private static final int THREADS = Corpora.LIMITS.embeddingThreads();
    private static final GenerationManifest MANIFEST = new GenerationManifest(
            1,
            GenerationManifest.PIPELINE,
            new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
            BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(),
            1,
            List.of());

    @TempDir
    private Path folder;

    @Test
    void keepsTheModelBusy() throws Exception {
        assertThat(RealCorpora.folder("scifact"))
                .as("-Dconcordance.data=FOLDER")
                .isNotEmpty();
        var lines = Files.readAllLines(RealCorpora.folder("scifact").getFirst().resolve("corpus.jsonl"))
                .subList(0, DOCUMENTS);
        var data = Files.createDirectories(folder.resolve("data"));
        try (var node = ElasticsearchProcess.start(
                        ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")));
                var model = OnnxEmbedder.open(MANIFEST.model(), ModelFiles.bundledOnly())) {
            var corpus = new Corpora(
                    node.url(),
                    model,
                    Corpora.volume("files", new SourceManifest.JsonLines("_id", "title", "text", null, List.of())),
                    data,
                    folder.resolve("work"),
                    new IndexNames("cc", "bench", "scifact"));
            corpus.create(MANIFEST);
            var bare = 0L;
            var ingested = 0L;
            var chunks = 0L;
            for (var slice = 0; slice < SLICES; slice++) {
                var part = lines.subList(DOCUMENTS * slice / SLICES, DOCUMENTS * (slice + 1) / SLICES);
                var texts = texts(part, model);
                chunks += texts.size();
                var run = "r" + slice;
                Files.write(data.resolve("part%03d.jsonl".formatted(slice)), part);
                if (slice % 2 == 0) {
                    bare += nanos(() -> loop(texts, model));
                    ingested += nanos(() -> corpus.run(run, MANIFEST, List.of()));
                } else {
                    ingested += nanos(() -> corpus.run(run, MANIFEST, List.of()));
                    bare += nanos(() -> loop(texts, model));
                }
            }
            var again = nanos(() -> corpus.run("again", MANIFEST, List.of()));
            System.out.printf(
                    "%d documents, %d chunks, %d threads: bare %.1f s, ingestion %.1f s, ratio %.3f, unchanged %.2f s%n",
                    DOCUMENTS, chunks, THREADS, bare / 1e9, ingested / 1e9, (double) bare / ingested, again / 1e9);
            assertThat((double) bare / ingested).isGreaterThanOrEqualTo(0.95);
            assertThat(again).isLessThanOrEqualTo(Math.max(3_000_000_000L, ingested / 100));
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
            chunker.chunk(document).stream().map(Chunk::embeddedText).forEach(texts::add);
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
