package dev.concordance.localcluster.node.pod;

import dev.concordance.localcluster.node.image.Image;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The process that stands for a container. */
record Launch(List<String> command, Map<String, String> environment) {
    Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * The container's process on this host.
     *
     * @param declared the environment that the container declares
     * @param given the environment that the node gives; it outweighs the declared one
     * @param scratch folder for what the process writes to its temporary folder
     */
    static Launch of(
            Container container,
            Image image,
            Map<String, String> declared,
            Map<String, String> given,
            HostPaths paths,
            Path scratch) {
        var inside = new LinkedHashMap<>(image.environment());
        inside.putAll(declared);
        var words = new ArrayList<String>();
        var entrypoint = container.getCommand().isEmpty() ? image.entrypoint() : container.getCommand();
        for (var word : entrypoint) {
            words.addAll(argumentFile(word, image.root()));
        }
        var imageArguments = container.getCommand().isEmpty() ? image.arguments() : List.<String>of();
        words.addAll(container.getArgs().isEmpty() ? imageArguments : container.getArgs());
        if (words.isEmpty() || !words.getFirst().matches("(.*/)?java")) {
            throw Refusal.missing("this node runs images whose entry point starts with java, not " + words);
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.io.tmpdir=" + scratch));
        command.addAll(limits(container));
        words.stream()
                .skip(1)
                .map(word -> paths.rewrite(Environment.expand(word, inside)))
                .forEach(command::add);
        var environment = new LinkedHashMap<String, String>();
        inside.forEach((name, value) -> environment.put(name, paths.rewrite(value)));
        environment.putAll(given);
        return new Launch(command, environment);
    }

    /** What Java would learn from its control group: percentages of the memory, and the processors. */
    private static List<String> limits(Container container) {
        var resources = container.getResources();
        var limits =
                resources == null || resources.getLimits() == null ? Map.<String, Quantity>of() : resources.getLimits();
        var options = new ArrayList<String>();
        var memory = limits.get("memory");
        if (memory != null) {
            options.add("-XX:MaxRAM=" + memory.getNumericalAmount().longValue());
        }
        var processors = limits.get("cpu");
        if (processors != null) {
            options.add("-XX:ActiveProcessorCount="
                    + processors.getNumericalAmount().setScale(0, RoundingMode.CEILING));
        }
        return options;
    }

    /**
     * A file of the image with words for the command line. Their paths have to be rewritten too, so they are put in place;
     * quoted words are not understood.
     */
    private static List<String> argumentFile(String word, Path root) {
        if (!word.startsWith("@/")) {
            return List.of(word);
        }
        var file = root.resolve(word.substring(2)).normalize();
        if (!file.startsWith(root) || !Files.isRegularFile(file)) {
            return List.of(word);
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .flatMap(line -> Stream.of(line.split("\\s+", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
