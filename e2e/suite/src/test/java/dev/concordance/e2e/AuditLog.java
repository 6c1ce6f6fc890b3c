package dev.concordance.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The API server's own record of every request that could change something. */
record AuditLog(Path file) {
    /** One request of the operator. */
    record Write(String verb, String resource, String namespace, String name) {
        private static Write of(JsonNode event) {
            var object = event.path("objectRef");
            return new Write(
                    event.path("verb").asText(),
                    object.path("resource").asText()
                            + (object.has("subresource")
                                    ? "/" + object.path("subresource").asText()
                                    : ""),
                    object.path("namespace").asText(),
                    object.path("name").asText());
        }
    }

    /** A moment in the log. */
    long position() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The operator's writes since then, but for those to its Lease; reviews, which ask what is allowed, change nothing. */
    List<Write> operatorWrites(long since) {
        try (var log = Files.newInputStream(file)) {
            log.skipNBytes(since);
            return new String(log.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.endsWith("}"))
                    .map(Cluster::json)
                    .filter(AuditLog::isOfOperator)
                    .map(Write::of)
                    .filter(write -> !write.resource().equals("leases")
                            && !write.resource().endsWith("reviews"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfOperator(JsonNode event) {
        return event.path("user").path("username").asText().startsWith("system:serviceaccount:concordance-system:");
    }
}
