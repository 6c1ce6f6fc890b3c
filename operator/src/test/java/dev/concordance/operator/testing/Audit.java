package dev.concordance.operator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the API server has written down of what operators have changed since a moment; their Lease aside. */
public record Audit(Path log, long from) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPERATOR = "system:serviceaccount:" + TestCluster.SYSTEM + ":operator";

    static Audit from(Path log) {
        try {
            return new Audit(log, Files.size(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The changes, as {@code verb path}. */
    public List<String> changes() {
        try (var channel = Files.newByteChannel(log)) {
            channel.position(from);
            var rest = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
            var changes = new ArrayList<String>();
            for (var line : new String(rest, StandardCharsets.UTF_8).lines().toList()) {
                if (line.endsWith("}")) {
                    add(changes, JSON.readTree(line));
                }
            }
            return changes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(List<String> changes, JsonNode event) {
        var path = event.path("requestURI").asText();
        var asks = path.contains("/leases/") || path.contains("/leases?") || path.endsWith("/leases");
        if (event.path("user").path("username").asText().equals(OPERATOR) && !asks && !path.contains("selfsubject")) {
            changes.add(event.path("verb").asText() + " " + path);
        }
    }
}
