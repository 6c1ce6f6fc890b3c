package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.testing.RealCorpora;
import dev.concordance.testing.SmallModel;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How much Markdown a core reads and cuts in a second, in processor time of the thread that does it. Where a model says where to
 * cut, it takes nearly all of the time, and isn't measured here. See docs/benchmarks.md.
 */
class ChunkingThroughputBench {
    private static final int MODEL_TOKENS = 510;
    private static final long WARM_UP_NANOS = 8_000_000_000L;
    private static final long MEASURED_NANOS = 5_000_000_000L;
    private static final double LEAST_MEGABYTES = 20;
    private static final Embedder MODEL = SmallModel.get();

    private static final List<byte[]> PAGES = new ArrayList<>();

    @BeforeAll
    static void readThePages(@TempDir Path folder) throws Exception {
        for (var page : RealCorpora.pages(folder)) {
            PAGES.add(page.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(PAGES).as("pages of replay-knative-docs").hasSizeGreaterThan(100);
    }

    static Stream<Chunking> policies() {
        return Stream.of(
                new Chunking.ByHeadings(160, 20, "{title} > {headings}"),
                new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
                new Chunking.BySentences(256, 1, "{title}"),
                new Chunking.ByTokens(256, 32, "{title}"),
                new Chunking.Recursive(256, "{title}"),
                new Chunking.ByCode(256, "{title} > {headings}"),
                new Chunking.Hierarchical(512, 128, "{title} > {headings}"),
                new Chunking.Whole("{title}"));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void parsesAndCutsTwentyMegabytesASecond(Chunking policy) {
        var chunker = new Chunker(policy, MODEL.tokenizer(), MODEL_TOKENS).asking(RandomVectors::of);
        var rate = rate(page -> chunker.chunk("page.md", parsed(page)).size());
        System.out.printf("%s: %.1f MB a CPU-second%n", policy, rate);
        assertThat(rate).isGreaterThan(LEAST_MEGABYTES);
    }

    @Test
    void parses() {
        System.out.printf(
                "parsing alone: %.1f MB a CPU-second%n",
                rate(page -> parsed(page).blocks().size()));
    }

    private static ParsedDocument parsed(byte[] page) {
        try {
            return Parser.parse("page.md", page);
        } catch (UnreadableDocument e) {
            throw new IllegalStateException(e);
        }
    }

    private static double rate(ToIntFunction<byte[]> work) {
        run(work, WARM_UP_NANOS);
        var begin = processorTime();
        var passes = run(work, MEASURED_NANOS);
        var bytes = PAGES.stream().mapToLong(page -> page.length).sum() * passes;
        return bytes * 1e3 / (processorTime() - begin);
    }

    private static long run(ToIntFunction<byte[]> work, long nanos) {
        var end = processorTime() + nanos;
        var passes = 0L;
        while (processorTime() < end) {
            assertThat(PAGES.stream().mapToInt(work).sum()).isPositive();
            passes++;
        }
        return passes;
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
