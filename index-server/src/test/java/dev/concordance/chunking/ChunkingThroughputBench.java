package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much Markdown a core reads and cuts in a second, in processor time of the thread that does it: the median of rounds in which all
 * policies take turns, since what else shares the core's caches changes by the minute. Where a model says where to cut, it takes nearly
 * all of the time, and isn't measured here. See docs/benchmarks.md.
 */
class ChunkingThroughputBench {
    private static final int MODEL_TOKENS = 510;
    private static final int WARM_UP_ROUNDS = 6;
    private static final int ROUNDS = 11;
    private static final long TURN_NANOS = 1_000_000_000L;
    private static final double LEAST_MEGABYTES = 20;
    private static final List<Chunking> POLICIES = List.of(
            new Chunking.ByHeadings(160, 20, "{title} > {headings}"),
            new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
            new Chunking.BySentences(256, 1, "{title}"),
            new Chunking.ByTokens(256, 32, "{title}"),
            new Chunking.Recursive(256, "{title}"),
            new Chunking.ByCode(256, "{title} > {headings}"),
            new Chunking.Hierarchical(512, 128, "{title} > {headings}"),
            new Chunking.Whole("{title}"));

    @Test
    void parsesAndCutsTwentyMegabytesASecond(@TempDir Path folder) throws Exception {
        var pages = RealCorpora.pages(folder).stream()
                .map(page -> page.getBytes(StandardCharsets.UTF_8))
                .toList();
        assertThat(pages).as("pages of replay-knative-docs").hasSizeGreaterThan(100);
        var work = new LinkedHashMap<String, ToIntFunction<byte[]>>();
        work.put("parsing alone", page -> parsed(page).blocks().size());
        for (var policy : POLICIES) {
            var chunker = new Chunker(policy, SmallModel.get().tokenizer(), MODEL_TOKENS);
            work.put(
                    policy.toString(),
                    page -> chunker.chunk("page.md", parsed(page)).size());
        }
        var rates = new LinkedHashMap<String, List<Double>>();
        for (var round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (var each : work.entrySet()) {
                var rate = rate(pages, each.getValue());
                if (round >= 0) {
                    rates.computeIfAbsent(each.getKey(), name -> new ArrayList<>())
                            .add(rate);
                }
            }
        }
        rates.values().forEach(Collections::sort);
        rates.forEach((name, all) -> System.out.printf(
                "%s: %.1f MB a CPU-second (%.1f to %.1f)%n", name, median(all), all.getFirst(), all.getLast()));
        rates.forEach((name, all) -> assertThat(median(all)).as(name).isGreaterThan(LEAST_MEGABYTES));
    }

    private static ParsedDocument parsed(byte[] page) {
        try {
            return Parser.parse("page.md", page);
        } catch (UnreadableDocument e) {
            throw new IllegalStateException(e);
        }
    }

    private static double rate(List<byte[]> pages, ToIntFunction<byte[]> work) {
        var begin = processorTime();
        var bytes = 0L;
        var chunks = 0L;
        while (processorTime() - begin < TURN_NANOS) {
            for (var page : pages) {
                chunks += work.applyAsInt(page);
                bytes += page.length;
            }
        }
        assertThat(chunks).isPositive();
        return bytes * 1e3 / (processorTime() - begin);
    }

    private static double median(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
