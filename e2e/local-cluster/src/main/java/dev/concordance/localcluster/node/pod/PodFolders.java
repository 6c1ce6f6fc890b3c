package dev.concordance.localcluster.node.pod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What pods leave in their folders, handled without their workers. */
public final class PodFolders {
    private static final Duration LAST_MOMENT = Duration.ofSeconds(5);

    private PodFolders() {}

    /** Ends all processes of the pods below {@code pods}, in order and then by force. */
    public static void endAll(Path pods, Duration grace) {
        end(folders(pods).toList(), grace);
    }

    /** Ends the processes of one pod. */
    public static void end(Path pod, Duration grace) {
        end(List.of(pod), grace);
    }

    /** The process of a container, if it runs. */
    public static Optional<ProcessHandle> process(Path pod, String container) {
        return ContainerProcess.in(pod.resolve("containers").resolve(container)).stream()
                .findFirst()
                .flatMap(ContainerProcess::main);
    }

    /** Removes a pod's folder. */
    public static void delete(Path pod) {
        try {
            AtomicFolder.delete(pod);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(List<Path> pods, Duration grace) {
        var running = pods.stream()
                .flatMap(pod -> folders(pod.resolve("containers")))
                .flatMap(container -> ContainerProcess.in(container).stream())
                .filter(ContainerProcess::isRunning)
                .toList();
        var deadline = Instant.now().plus(grace);
        running.forEach(ContainerProcess::terminate);
        running.forEach(process -> process.awaitExit(Duration.between(Instant.now(), deadline)));
        running.forEach(ContainerProcess::kill);
        running.forEach(process -> process.awaitExit(LAST_MOMENT));
    }

    private static Stream<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return Stream.of();
        }
        try (var all = Files.list(parent)) {
            return all.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
