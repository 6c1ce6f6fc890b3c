package dev.concordance.access;

import dev.concordance.manifest.Fingerprint;
import dev.concordance.parse.Yaml;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an access file, which say by path who may see a document. Of the rules whose paths match, the last one counts,
 * as in a CODEOWNERS file. A file of which anything can't be understood is none at all.
 */
public final class AccessRules {
    /** Bytes of the largest file that is read. */
    public static final int LARGEST = 256 * 1024;

    private static final int MOST_RULES = 1_000;
    private static final int MOST_PATHS = 2_000;
    private static final Set<String> KEYS = Set.of("paths", "principals");
    private static final int LONGEST_PATH = 256;
    private static final String WILD = "*?";

    private final List<Rule> rules;
    private final String digest;

    /** @param prefix what a path begins with if it matches, which is quicker to see */
    private record Path(String prefix, Predicate<String> glob) {
        boolean matches(String path) {
            return path.startsWith(prefix) && glob.test(path);
        }
    }

    private record Rule(List<Path> paths, Acl acl) {}

    private AccessRules(List<Rule> rules, String digest) {
        this.rules = rules;
        this.digest = digest;
    }

    /**
     * Reads a file.
     *
     * @param globs what a glob matches
     */
    public static AccessRules parse(byte[] file, Function<String, Predicate<String>> globs) throws InvalidAccess {
        if (file.length > LARGEST) {
            throw new InvalidAccess("it has more than %d bytes: name groups, and folders by **".formatted(LARGEST));
        }
        var text = text(file);
        var yaml = Yaml.read(text, LARGEST)
                .orElseThrow(() -> new InvalidAccess(
                        "it is empty, or no YAML, or has a key twice or too many aliases: correct it"));
        if (!(yaml instanceof Map<?, ?> map)
                || map.size() != 1
                || !(map.get("rules") instanceof List<?> listed)
                || listed.isEmpty()
                || listed.size() > MOST_RULES) {
            throw new InvalidAccess("it is not rules: and a list of 1 to %d rules, each with paths and principals"
                    .formatted(MOST_RULES));
        }
        var rules = new ArrayList<Rule>();
        var paths = 0;
        for (var one : listed) {
            var rule = rule(rules.size() + 1, one, globs);
            paths += rule.paths().size();
            if (paths > MOST_PATHS) {
                throw new InvalidAccess("it has more than %d paths: name folders by **".formatted(MOST_PATHS));
            }
            rules.add(rule);
        }
        return new AccessRules(
                List.copyOf(rules),
                new Fingerprint("access-rules/1").with("file", text).digest());
    }

    /** Who may see the document at a path. */
    public Acl of(String path) {
        for (var i = rules.size() - 1; i >= 0; i--) {
            for (var each : rules.get(i).paths()) {
                if (each.matches(path)) {
                    return rules.get(i).acl();
                }
            }
        }
        return Acl.nobody("no rule of the access file is about its path: add one");
    }

    /** As long as it stays the same, so do the rules. */
    public String digest() {
        return digest;
    }

    private static String text(byte[] file) throws InvalidAccess {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidAccess("it is not UTF-8: save it so");
        }
    }

    private static Rule rule(int number, @Nullable Object value, Function<String, Predicate<String>> globs)
            throws InvalidAccess {
        try {
            if (!(value instanceof Map<?, ?> rule) || !rule.keySet().equals(KEYS)) {
                throw new InvalidAccess("write paths and principals, and nothing else");
            }
            var paths = new ArrayList<Path>();
            for (var glob : globs(rule.get("paths"))) {
                paths.add(new Path(prefix(glob), globs.apply(glob)));
            }
            var principals = rule.get("principals");
            if (principals == null) {
                throw new InvalidAccess("principals is empty: write [] if nobody may see these documents");
            }
            return new Rule(List.copyOf(paths), new Acl(Principals.of(Acl.names(principals)), null));
        } catch (InvalidAccess e) {
            throw new InvalidAccess("rule %d: %s".formatted(number, e.explanation()));
        }
    }

    private static List<String> globs(@Nullable Object value) throws InvalidAccess {
        var globs = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        var paths = new ArrayList<String>();
        for (var glob : globs) {
            if (!(glob instanceof String path) || !isGlob(path)) {
                throw new InvalidAccess(
                        "write paths as globs, such as hr/**/*.md, without a leading / or ./ and without braces, at most %d characters"
                                .formatted(LONGEST_PATH));
            }
            paths.add(path);
        }
        if (paths.isEmpty()) {
            throw new InvalidAccess("paths is empty: write globs, such as \"**\"");
        }
        return paths;
    }

    private static boolean isGlob(String path) {
        return !path.isBlank()
                && path.length() <= LONGEST_PATH
                && !path.startsWith("/")
                && !path.startsWith("./")
                && path.indexOf('{') < 0;
    }

    private static String prefix(String glob) {
        var end = 0;
        while (end < glob.length() && WILD.indexOf(glob.charAt(end)) < 0) {
            end++;
        }
        return glob.substring(0, end);
    }
}
