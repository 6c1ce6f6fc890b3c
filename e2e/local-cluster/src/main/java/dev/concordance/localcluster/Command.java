package dev.concordance.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A command line program with the arguments and the environment that all calls of it share. */
public final class Command {
    private final List<String> prefix;
    private final Map<String, String> environment;

    /** The program and what comes before each call's arguments, and what is added to the environment. */
    public Command(List<String> prefix, Map<String, String> environment) {
        this.prefix = List.copyOf(prefix);
        this.environment = Map.copyOf(environment);
    }

    /** Runs it; gives what it printed, and throws an IllegalStateException with that when it fails. */
    public String run(String... arguments) {
        return checked(attempt(arguments), arguments).output();
    }

    /** How a call ended, and what it printed. */
    public record Result(int exitCode, String output) {}

    /** Runs it, however it ends. */
    public Result attempt(String... arguments) {
        try {
            return ended(start(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it with this on its standard input; fails as {@link #run} does. */
    public String feed(String input, String... arguments) {
        try {
            var process = start(arguments);
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            return checked(ended(process), arguments).output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it; what it prints is one stream. */
    public Process start(String... arguments) throws IOException {
        var line = new ArrayList<>(prefix);
        line.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result ended(Process process) throws IOException {
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Result checked(Result result, String... arguments) {
        if (result.exitCode() != 0) {
            throw new IllegalStateException(Path.of(prefix.getFirst()).getFileName() + " " + String.join(" ", arguments)
                    + " failed: " + result.output().strip());
        }
        return result;
    }
}
