package dev.concordance.operator.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import java.util.Arrays;
import java.util.Optional;

/** The line with which a worker that fails ends its output, and which Kubernetes keeps in the pod's status. */
record LastWords(FailureReason reason, String message) {
    /** The last line that is such a line. */
    static Optional<LastWords> parse(String terminationMessage) {
        return terminationMessage
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .flatMap(line -> parseLine(line).stream())
                .reduce((earlier, later) -> later);
    }

    private static Optional<LastWords> parseLine(String line) {
        try {
            var json = ManifestJson.mapper().readTree(line);
            var message = json.path("message").asText("");
            return Arrays.stream(FailureReason.values())
                    .filter(reason -> reason.name().equals(json.path("reason").asText()))
                    .findFirst()
                    .map(reason -> new LastWords(reason, message));
        } catch (JsonProcessingException notTheLine) {
            return Optional.empty();
        }
    }
}
