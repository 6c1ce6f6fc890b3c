package dev.concordance.search.http;

import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a routing table with their present values. Comparing takes the same time whatever is sent and whichever
 * token matches.
 */
final class Tokens {
    private static final System.Logger LOG = System.getLogger(Tokens.class.getName());
    private static final String ALL = "*";
    private static final String SCHEME = "bearer ";

    private record Known(Token token, byte[] hash) {}

    private final boolean anonymous;
    private final List<Known> known;

    private Tokens(boolean anonymous, List<Known> known) {
        this.anonymous = anonymous;
        this.known = known;
    }

    /** Reads the values; a token whose file is missing or empty opens nothing. */
    static Tokens read(RoutingTable routing, Function<String, Path> mounts) {
        var known = new ArrayList<Known>();
        for (var token : routing.tokens()) {
            try {
                var value = Files.readString(mounts.apply(token.mount()).resolve(token.key()))
                        .strip();
                if (!value.isEmpty()) {
                    known.add(new Known(token, hash(value)));
                    continue;
                }
                LOG.log(System.Logger.Level.WARNING, "token is empty name={0}", token.name());
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "token not readable name={0}", token.name());
            }
        }
        return new Tokens(routing.anonymous(), List.copyOf(known));
    }

    /** Throws {@link Problem} unless the sender may search the corpus. */
    void check(@Nullable String authorization, String corpus) {
        if (anonymous) {
            return;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Problem.unauthorized();
        }
        var sent = hash(authorization.substring(SCHEME.length()).strip());
        Token found = null;
        for (var one : known) {
            found = MessageDigest.isEqual(one.hash(), sent) ? one.token() : found;
        }
        if (found == null) {
            throw Problem.unauthorized();
        }
        if (!found.corpora().contains(ALL) && !found.corpora().contains(corpus)) {
            throw Problem.forbidden();
        }
    }

    boolean isAnonymous() {
        return anonymous;
    }

    private static byte[] hash(String value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
