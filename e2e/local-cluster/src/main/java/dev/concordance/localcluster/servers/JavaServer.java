package dev.concordance.localcluster.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of one of the modules that only hold one, in a process of its own: it prints its port once it answers. */
final class JavaServer {
    private static final Duration START_LIMIT = Duration.ofSeconds(240);
    private static final String STARTED = "STARTED ";
    private static final int LINES_TOLD = 15;

    private final Process process;
    private final URI url;

    private JavaServer(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** The {@code target} folder of a module below {@code e2e}; throws IllegalStateException if it isn't built. */
    static Path module(String name) {
        var target = Path.of(System.getProperty("concordance.root", "."), "e2e", name, "target")
                .toAbsolutePath();
        if (!Files.isDirectory(target.resolve("lib"))) {
            throw new IllegalStateException(
                    target + " holds no server: build it with ./mvnw -pl e2e/" + name + " package");
        }
        return target;
    }

    static String classPath(Path module) {
        return module.resolve("classes") + ":" + module.resolve("lib") + "/*";
    }

    /**
     * What starts a program of a module, in a small JVM.
     *
     * @param megabytes of its heap
     */
    static List<String> program(String module, String main, int megabytes, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(module(module)),
                main));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Starts it and waits until it answers; throws IllegalStateException with the end of its log if it doesn't.
     *
     * @param detached whether it outlives this JVM
     */
    static JavaServer start(List<String> command, Path log, boolean detached) throws IOException {
        Files.deleteIfExists(log);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (detached) {
            process.getOutputStream().close();
        } else {
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        }
        return new JavaServer(process, URI.create("http://127.0.0.1:" + awaitPort(process, log)));
    }

    URI url() {
        return url;
    }

    long pid() {
        return process.pid();
    }

    void stop() {
        process.destroy();
        awaitEnd(Duration.ofSeconds(20));
    }

    void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    private void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int awaitPort(Process process, Path log) throws IOException {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            for (var line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(STARTED)) {
                    return Integer.parseInt(line.substring(STARTED.length()).trim());
                }
            }
            try {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        process.destroyForcibly();
        var lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        throw new IllegalStateException("the server did not start; the end of " + log + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size())));
    }
}
