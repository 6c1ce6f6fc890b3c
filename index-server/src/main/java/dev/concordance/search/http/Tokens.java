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
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a routing table with their present values. Comparing takes the same time whatever is sent and whichever
 * token matches.
 */
final class Tokens {
    private static final String ALL = "*";
    private static final String SCHEME = "bearer ";
    private static final String ANYONE = "anonymous";

    private record Known(Token token, byte[] hash) {}

    private final boolean anonymous;
    private final List<Known> known;
    private final List<String> unreadable;

    private Tokens(boolean anonymous, List<Known> known, List<String> unreadable) {
        this.anonymous = anonymous;
        this.known = known;
        this.unreadable = unreadable;
    }

    /** Reads the values; a token whose file is missing or empty opens nothing. */
    static Tokens read(RoutingTable routing, Function<String, Path> mounts) {
        var known = new ArrayList<Known>();
        var unreadable = new TreeSet<String>();
        for (var token : routing.tokens()) {
            var value = value(token, mounts);
            if (value.isEmpty()) {
                unreadable.add(token.name());
            } else {
                known.add(new Known(token, hash(value)));
            }
        }
        return new Tokens(routing.anonymous(), List.copyOf(known), List.copyOf(unreadable));
    }

    /** Names of tokens that have no value, which open nothing. */
    List<String> unreadable() {
        return unreadable;
    }

    /**
     * Who is let into the corpus; throws {@link Problem} if what is sent doesn't open it.
     *
     * @param named values of the header that says as whom the sender searches; empty: there is none
     */
    Sender check(@Nullable String authorization, String corpus, List<String> named) {
        if (anonymous) {
            return Sender.anyone(ANYONE, named);
        }
        var token = token(authorization);
        if (!opens(token, corpus)) {
            throw Problem.forbidden();
        }
        return Sender.bearer(token.name(), token.principals(), token.delegates(), named);
    }

    /** Which corpora the sender may search; throws {@link Problem} for an unknown sender. */
    Predicate<String> opened(@Nullable String authorization) {
        if (anonymous) {
            return corpus -> true;
        }
        var token = token(authorization);
        return corpus -> opens(token, corpus);
    }

    private Token token(@Nullable String authorization) {
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
        return found;
    }

    private static boolean opens(Token token, String corpus) {
        return token.corpora().contains(ALL) || token.corpora().contains(corpus);
    }

    /** Empty: there is none. */
    private static String value(Token token, Function<String, Path> mounts) {
        try {
            return Files.readString(mounts.apply(token.mount()).resolve(token.key()))
                    .strip();
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    private static byte[] hash(String value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
