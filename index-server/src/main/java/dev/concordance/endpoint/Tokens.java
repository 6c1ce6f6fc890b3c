package dev.concordance.endpoint;

import dev.concordance.manifest.RoutingTable.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Declared tokens with their present values. Comparing takes the same time whatever is sent and whichever
 * token matches.
 */
public final class Tokens {
    private static final String ALL = "*";
    private static final String SCHEME = "bearer ";

    private record Known(Token token, byte[] hash) {}

    private final boolean anonymous;
    private final List<Known> known;
    private final List<String> unreadable;

    private Tokens(boolean anonymous, List<Known> known, List<String> unreadable) {
        this.anonymous = anonymous;
        this.known = known;
        this.unreadable = unreadable;
    }

    /**
     * Reads the values; a token whose file is missing or empty opens nothing.
     *
     * @param anonymous whether nobody needs one
     */
    public static Tokens read(boolean anonymous, List<Token> declared, Function<String, Path> mounts) {
        var known = new ArrayList<Known>();
        var unreadable = new TreeSet<String>();
        for (var token : declared) {
            var value = value(token, mounts);
            if (value.isEmpty()) {
                unreadable.add(token.name());
            } else {
                known.add(new Known(token, hash(value)));
            }
        }
        return new Tokens(anonymous, List.copyOf(known), List.copyOf(unreadable));
    }

    /** Names of tokens that have no value, which open nothing. */
    public List<String> unreadable() {
        return unreadable;
    }

    /** The token that is sent, which opens the corpus; empty: nobody needs one. Throws {@link Problem} if it doesn't. */
    public Optional<Token> check(@Nullable String authorization, String corpus) {
        if (anonymous) {
            return Optional.empty();
        }
        var token = token(authorization);
        if (!opens(token, corpus)) {
            // The same for a corpus that isn't there, so that nobody learns which there are.
            throw Problem.forbidden("the token does not open this corpus, or there is no such corpus");
        }
        return Optional.of(token);
    }

    /** The name of the token that is sent, whatever it opens; empty: it isn't known. */
    public Optional<String> name(@Nullable String authorization) {
        return find(authorization).map(Token::name);
    }

    /** Which corpora the sender may search; throws {@link Problem} for an unknown sender. */
    public Predicate<String> opened(@Nullable String authorization) {
        if (anonymous) {
            return corpus -> true;
        }
        var token = token(authorization);
        return corpus -> opens(token, corpus);
    }

    private Token token(@Nullable String authorization) {
        return find(authorization).orElseThrow(Problem::unauthorized);
    }

    private Optional<Token> find(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        var sent = hash(authorization.substring(SCHEME.length()).strip());
        Token found = null;
        for (var one : known) {
            found = MessageDigest.isEqual(one.hash(), sent) ? one.token() : found;
        }
        return Optional.ofNullable(found);
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
