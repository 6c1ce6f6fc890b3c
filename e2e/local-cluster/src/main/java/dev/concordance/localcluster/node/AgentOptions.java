package dev.concordance.localcluster.node;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the agent.
 *
 * @param pki certificates, and the node's {@code node.kubeconfig}
 * @param state where pods and images are unpacked
 * @param port of the endpoint that the API server asks for logs and metrics
 * @param images archive by name
 */
record AgentOptions(String node, Path pki, Path state, int port, Map<String, Path> images) {
    private static final String USAGE =
            "usage: NodeAgent --pki FOLDER --state FOLDER --port PORT [--node NAME] [--image NAME=ARCHIVE]...";

    AgentOptions {
        images = Map.copyOf(images);
    }

    static AgentOptions parse(List<String> arguments) {
        var values = new LinkedHashMap<String, String>();
        var images = new LinkedHashMap<String, Path>();
        if (arguments.size() % 2 != 0) {
            throw new IllegalArgumentException(USAGE);
        }
        for (var i = 0; i < arguments.size(); i += 2) {
            var value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--image" -> {
                    var equals = value.indexOf('=');
                    if (equals < 1) {
                        throw new IllegalArgumentException(USAGE);
                    }
                    images.put(value.substring(0, equals), Path.of(value.substring(equals + 1)));
                }
                case "--node", "--pki", "--state", "--port" -> values.put(arguments.get(i), value);
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new AgentOptions(
                values.getOrDefault("--node", NodeAgentProcess.NODE),
                Path.of(required(values.get("--pki"))),
                Path.of(required(values.get("--state"))).toAbsolutePath(),
                Integer.parseInt(required(values.get("--port"))),
                images);
    }

    private static String required(@Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(USAGE);
        }
        return value;
    }
}
