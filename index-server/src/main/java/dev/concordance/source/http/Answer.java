package dev.concordance.source.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a host answered.
 *
 * @param headers by their names in lower case
 * @param body decompressed; empty unless the status is 200
 * @param isCut whether there would have been more than was asked for
 */
public record Answer(int status, Map<String, List<String>> headers, byte[] body, boolean isCut) {
    public Answer {
        headers = Map.copyOf(headers);
    }

    /** The first header of this name, which is in lower case. */
    public Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    /** All headers of this name, which is in lower case. */
    public List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Whether it leads to another address. */
    public boolean isRedirect() {
        return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
                && header("location").isPresent();
    }

    /** Whether it leads there for good (RFC 9110, 15.4). */
    public boolean isPermanent() {
        return status == 301 || status == 308;
    }

    /** Whether another try may help. */
    public boolean isPassing() {
        return status == 429 || status >= 500;
    }
}
