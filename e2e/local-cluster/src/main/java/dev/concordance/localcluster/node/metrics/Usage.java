package dev.concordance.localcluster.node.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a container had used at a moment.
 *
 * @param processor time of all its processes
 * @param memory bytes that are resident
 */
record Usage(Instant at, Duration processor, long memory) {
    private static final long PAGE = 4096;

    static Usage of(List<ProcessHandle> processes, Instant now) {
        var processor = processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        return new Usage(
                now, processor, processes.stream().mapToLong(Usage::resident).sum());
    }

    /** Billionths of a processor since {@code before}; a process that has ended takes its time with it. */
    long nanocores(Usage before) {
        var wall = Duration.between(before.at, at).toNanos();
        var used = processor.minus(before.processor).toNanos();
        return wall <= 0 ? 0 : Math.max(0, (long) (used * 1e9 / wall));
    }

    private static long resident(ProcessHandle process) {
        try {
            var pages = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "statm"))
                    .split(" ", 3);
            return Long.parseLong(pages[1]) * PAGE;
        } catch (IOException e) {
            return 0;
        }
    }
}
