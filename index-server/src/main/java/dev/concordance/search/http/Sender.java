package dev.concordance.search.http;

import dev.concordance.access.Caller;
import dev.concordance.access.InvalidAccess;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Who has sent a request.
 *
 * @param name for logs
 * @param caller as whom it searches
 */
record Sender(String name, Caller caller) {
    /** By this header an application that is trusted names the principals of the person that it searches for. */
    static final String HEADER = "Concordance-Principals";

    private static final int LAST_ASCII = 126;

    /** As whom a request says that its sender searches; empty: it doesn't say. */
    static List<String> named(HttpHeaders headers) {
        var values = headers.getRequestHeader(HEADER);
        return values == null ? List.of() : List.copyOf(values);
    }

    /** Somebody of whom nothing is known, and who therefore may not say who it is. */
    static Sender anyone(String name, List<String> named) {
        if (!named.isEmpty()) {
            throw Problem.untrusted();
        }
        return new Sender(name, Caller.ANYONE);
    }

    /** The bearer of a token, with the token's principals or, where it is trusted to name others, with those alone. */
    static Sender bearer(String name, Collection<String> own, boolean delegates, List<String> named) {
        if (!named.isEmpty() && !delegates) {
            throw Problem.untrusted();
        }
        try {
            return new Sender(name, Caller.named(named.isEmpty() ? own : decoded(named)));
        } catch (InvalidAccess | IllegalArgumentException e) {
            throw Problem.wrongPrincipals(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> decoded(List<String> named) {
        var names = new ArrayList<String>();
        for (var header : named) {
            if (header.chars().anyMatch(c -> c > LAST_ASCII)) {
                throw new IllegalArgumentException("write what isn't ASCII percent-encoded, as UTF-8");
            }
            Arrays.stream(header.split(",", -1))
                    .filter(name -> !name.isBlank())
                    .map(name -> URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .forEach(names::add);
        }
        return names;
    }
}
