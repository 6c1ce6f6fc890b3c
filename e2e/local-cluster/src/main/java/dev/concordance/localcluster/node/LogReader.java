package dev.concordance.localcluster.node;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads a container's log as {@code kubectl logs} asks for it. Lines carry no time, so what is asked by time is answered with all.
 *
 * @param query of the request: follow, tailLines, limitBytes
 */
record LogReader(Path log, Map<String, String> query) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int BUFFER = 16 * 1024;

    void copy(OutputStream out) throws IOException {
        var follows = Boolean.parseBoolean(query.get("follow"));
        var left = Long.parseLong(query.getOrDefault("limitBytes", String.valueOf(Long.MAX_VALUE)));
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(start(file));
            var buffer = new byte[BUFFER];
            while (left > 0) {
                var ended = hasEnded();
                var count = file.read(buffer, 0, (int) Math.min(left, BUFFER));
                if (count > 0) {
                    out.write(buffer, 0, count);
                    left -= count;
                } else if (!follows || ended) {
                    return;
                } else {
                    out.flush();
                    LockSupport.parkNanos(POLL.toNanos());
                }
            }
        }
    }

    /** Its process writes its exit code beside the log, and is removed with it. */
    private boolean hasEnded() {
        return Files.exists(log.resolveSibling("exit")) || !Files.exists(log);
    }

    private long start(RandomAccessFile file) throws IOException {
        var lines = Long.parseLong(query.getOrDefault("tailLines", "-1"));
        var position = file.length();
        if (lines <= 0) {
            return lines == 0 ? position : 0;
        }
        var buffer = new byte[BUFFER];
        for (var end = position; end > 0; end -= BUFFER) {
            var begin = Math.max(0, end - BUFFER);
            file.seek(begin);
            file.readFully(buffer, 0, (int) (end - begin));
            for (var i = (int) (end - begin) - 1; i >= 0; i--) {
                if (buffer[i] == '\n' && begin + i + 1 < position && --lines == 0) {
                    return begin + i + 1;
                }
            }
        }
        return 0;
    }
}
