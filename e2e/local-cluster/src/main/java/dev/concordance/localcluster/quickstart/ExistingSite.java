package dev.concordance.localcluster.quickstart;

import dev.concordance.localcluster.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The cluster of a kubectl context, with images that were pushed to where it pulls from. Needs kubectl and Helm in PATH.
 *
 * @param version the tag of the images
 */
record ExistingSite(Options.Existing given, String version, URI repository) implements Site {
    private static final Pattern FORWARDING = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+)");

    @Override
    public Command kubectl() {
        return new Command(List.of("kubectl", "--context", given.context()), Map.of());
    }

    @Override
    public Command helm() {
        return new Command(List.of("helm", "--kube-context", given.context()), Map.of());
    }

    @Override
    public List<String> values() {
        return List.of(
                "image:",
                "  operator: {repository: \"" + given.images() + "/operator\", tag: \"" + version + "\"}",
                "  indexServer: {repository: \"" + given.images() + "/index-server\", tag: \"" + version + "\"}");
    }

    @Override
    public URI elasticsearch() {
        return given.elasticsearch();
    }

    @Override
    public <T> T withQueryServer(String namespace, String name, Function<URI, T> use) {
        try {
            var forward = kubectl()
                    .start(
                            "port-forward",
                            "--namespace",
                            namespace,
                            "--address",
                            "127.0.0.1",
                            "service/" + name,
                            ":80");
            try (var output = forward.inputReader(StandardCharsets.UTF_8)) {
                return use.apply(URI.create("http://127.0.0.1:" + port(output)));
            } finally {
                forward.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> nextSteps() {
        var context = given.context();
        return List.of(
                "",
                "Try next:",
                "  kubectl --context " + context + " get corpora -A",
                "  kubectl --context " + context + " port-forward -n docs service/search 8080:80",
                "  kubectl --context " + context + " delete namespace docs    removes the example and its indexes");
    }

    private static String port(BufferedReader output) throws IOException {
        var said = new StringJoiner("\n");
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            var matcher = FORWARDING.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new IllegalStateException("kubectl port-forward ended without a port: " + said);
    }
}
