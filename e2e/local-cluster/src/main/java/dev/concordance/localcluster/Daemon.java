package dev.concordance.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that outlives its starter, known by a pid file. The file holds the start time too, so that a process which
 * came to the same pid later is never taken for it, and never killed.
 */
public record Daemon(String name, Path folder) {
    private static final int LOG_TAIL = 15;
    private static final Duration CLOCK_DRIFT = Duration.ofSeconds(10);

    private Path pidFile() {
        return folder.resolve(name + ".pid");
    }

    /** Where its output goes. */
    public Path log() {
        return folder.resolve(name + ".log");
    }

    /** Starts the process in a session of its own. */
    public void start(List<String> command, Map<String, String> environment) {
        try {
            Files.createDirectories(folder);
            var detached = new ArrayList<String>();
            if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
                detached.add("/usr/bin/setsid");
            }
            detached.addAll(command);
            var builder = new ProcessBuilder(detached)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(environment);
            remember(builder.start().toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes over a process that something else started. */
    public void remember(ProcessHandle process) throws IOException {
        var started = process.info().startInstant().orElse(Instant.EPOCH);
        Files.createDirectories(folder);
        Files.writeString(pidFile(), process.pid() + " " + started.toEpochMilli() + "\n");
    }

    /** The process, if it still runs. */
    public Optional<ProcessHandle> process() {
        try {
            var words = List.of(Files.readString(pidFile()).strip().split(" ", -1));
            var started = Instant.ofEpochMilli(Long.parseLong(words.get(1)));
            return ProcessHandle.of(Long.parseLong(words.get(0)))
                    .filter(ProcessHandle::isAlive)
                    .filter(p -> p.info()
                            .startInstant()
                            .filter(at -> isAbout(started, at))
                            .isPresent());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Linux tells starts relative to the boot, whose time of day moves when the clock is set. */
    private static boolean isAbout(Instant remembered, Instant told) {
        return Duration.between(remembered, told).abs().compareTo(CLOCK_DRIFT) < 0;
    }

    /** Whether it runs. */
    public boolean isRunning() {
        return process().isPresent();
    }

    /** Ends it in order, and by force after {@code grace}. */
    public void stop(Duration grace) {
        process().ifPresent(p -> {
            p.destroy();
            if (!ended(p.onExit(), grace)) {
                p.destroyForcibly();
                if (!ended(p.onExit(), grace)) {
                    throw new IllegalStateException(name + " (pid " + p.pid() + ") does not end");
                }
            }
        });
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of its log, for an error message. */
    public String logTail() {
        try {
            var lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
        } catch (IOException e) {
            return "(no log at " + log() + ")";
        }
    }

    private static boolean ended(CompletableFuture<ProcessHandle> exit, Duration limit) {
        try {
            exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
