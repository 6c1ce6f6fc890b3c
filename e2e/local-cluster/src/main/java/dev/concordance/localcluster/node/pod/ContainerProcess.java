package dev.concordance.localcluster.node.pod;

import dev.concordance.localcluster.Daemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The process of one start of a container. It outlives the agent: a shell around it writes down its pid and, at its end, its exit
 * code, so that an agent that was started again learns both.
 *
 * @param folder what is known of this start
 * @param number how often the container was started before
 */
record ContainerProcess(Path folder, int number) {
    private static final String WRAPPER = """
            sh -c 'echo $$ >"$0/pid"; exec "$@"' "$0" "$@"
            echo $? >"$0/exit.part"
            mv "$0/exit.part" "$0/exit"
            """;
    private static final int KILLED = 137;
    private static final int MESSAGE_BYTES = 2048;
    private static final int MESSAGE_LINES = 80;

    static ContainerProcess start(Path container, int number, Launch launch) {
        var process = new ContainerProcess(container.resolve(String.valueOf(number)), number);
        try {
            Files.createDirectories(process.folder);
            var command = new ArrayList<>(List.of("/bin/sh", "-c", WRAPPER, process.folder.toString()));
            command.addAll(launch.command());
            var builder = new ProcessBuilder(command)
                    .directory(process.folder.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(process.log().toFile());
            builder.environment().clear();
            builder.environment().putAll(launch.environment());
            process.wrapper().remember(builder.start().toHandle());
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The starts of a container that its folder tells of, the last one first. */
    static List<ContainerProcess> in(Path container) {
        if (!Files.isDirectory(container)) {
            return List.of();
        }
        try (var runs = Files.list(container)) {
            return runs.map(run -> Integer.parseInt(run.getFileName().toString()))
                    .sorted((a, b) -> b - a)
                    .map(number -> new ContainerProcess(container.resolve(String.valueOf(number)), number))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log() {
        return folder.resolve("log");
    }

    boolean isRunning() {
        return !Files.exists(folder.resolve("exit")) && wrapper().isRunning();
    }

    /** What became of it; with the end of its output if it failed and the container wants that. */
    Run run(boolean logsOnError) {
        try {
            var record = folder.resolve("wrapper.pid");
            var started = Files.exists(record)
                    ? Files.getLastModifiedTime(record).toInstant()
                    : Files.getLastModifiedTime(folder).toInstant();
            if (isRunning()) {
                return new Run(number, started, null);
            }
            var file = folder.resolve("exit");
            if (!Files.exists(file)) {
                Files.writeString(file, KILLED + "\n");
            }
            var code = Integer.parseInt(Files.readString(file).strip());
            var message = code != 0 && logsOnError ? tail() : "";
            return new Run(
                    number,
                    started,
                    new Run.Exit(code, Files.getLastModifiedTime(file).toInstant(), message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end; false: it has not come so far that it could be asked. */
    boolean terminate() {
        return main().map(ProcessHandle::destroy).orElse(false);
    }

    /** Ends it, and what it has started, by force; the shell around it stays to write that down. */
    void kill() {
        wrapper().process().ifPresent(shell -> shell.descendants().forEach(ProcessHandle::destroyForcibly));
    }

    /** The process tree. */
    List<ProcessHandle> processes() {
        return wrapper().process().stream()
                .flatMap(shell -> Stream.concat(Stream.of(shell), shell.descendants()))
                .toList();
    }

    /** Completes when it has ended. */
    CompletableFuture<?> onExit() {
        return wrapper()
                .process()
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    boolean awaitExit(Duration limit) {
        try {
            onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Daemon wrapper() {
        return new Daemon("wrapper", folder);
    }

    /** The program itself. */
    Optional<ProcessHandle> main() {
        try {
            var pid = Files.readString(folder.resolve("pid")).strip();
            return wrapper().process().stream()
                    .flatMap(ProcessHandle::descendants)
                    .filter(process -> String.valueOf(process.pid()).equals(pid))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private String tail() throws IOException {
        try (var channel = FileChannel.open(log())) {
            channel.position(Math.max(0, channel.size() - MESSAGE_BYTES));
            var bytes = Channels.newInputStream(channel).readNBytes(MESSAGE_BYTES);
            var lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
            var from = Math.max(0, lines.length - MESSAGE_LINES - 1);
            return String.join("\n", List.of(lines).subList(from, lines.length));
        }
    }
}
