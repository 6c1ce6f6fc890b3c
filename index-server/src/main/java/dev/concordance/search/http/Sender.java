package dev.concordance.search.http;

import dev.concordance.access.Caller;
import dev.concordance.access.InvalidAccess;
import dev.concordance.endpoint.Problem;
import dev.concordance.endpoint.Tokens;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has sent a request.
 *
 * @param name for logs
 * @param caller as whom it searches
 */
record Sender(String name, Caller caller) {
    /** By this header an application that is trusted names the principals of the person that it searches for. */
    static final String HEADER = "Concordance-Principals";

    private static final String ANYONE = "anonymous";
    private static final int LAST_ASCII = 126;

    /** As whom a request says that its sender searches; empty: it doesn't say. */
    static List<String> named(HttpHeaders headers) {
        var values = headers.getRequestHeader(HEADER);
        return values == null ? List.of() : List.copyOf(values);
    }

    /** Who is let into the corpus; throws {@link Problem} if what is sent doesn't open it. */
    static Sender of(Tokens tokens, @Nullable String authorization, String corpus, List<String> named) {
        return tokens.check(authorization, corpus)
                .map(token -> bearer(token.name(), token.principals(), token.delegates(), named))
                .orElseGet(() -> anyone(ANYONE, named));
    }

    /** Somebody of whom nothing is known, and who therefore may not say who it is. */
    private static Sender anyone(String name, List<String> named) {
        if (!named.isEmpty()) {
            throw untrusted();
        }
        return new Sender(name, Caller.ANYONE);
    }

    /** The bearer of a token, with the token's principals or, where it is trusted to name others, with those alone. */
    private static Sender bearer(String name, Collection<String> own, boolean delegates, List<String> named) {
        if (!named.isEmpty() && !delegates) {
            throw untrusted();
        }
        try {
            return new Sender(name, Caller.named(named.isEmpty() ? own : decoded(named)));
        } catch (InvalidAccess | IllegalArgumentException e) {
            throw Problem.invalid(HEADER + ": " + e.getMessage(), HEADER);
        }
    }

    private static Problem untrusted() {
        return Problem.forbidden(
                "only a token that delegates may say as whom it searches: leave the header %s out, or set delegates: true on the token"
                        .formatted(HEADER));
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
