package dev.concordance.access;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of those who may see something: {@code everyone}, or a kind, a colon and a name. White space around a name is no part
 * of it. Names are compared character by character: nothing is folded, so that two spellings are never taken for one.
 */
public final class Principals {
    /** Whoever may search at all. */
    public static final String EVERYONE = "everyone";

    /** Most names of one list. */
    public static final int MOST = 1_000;

    private static final int LONGEST = 256;
    private static final int LONGEST_TOLD = 60;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][-_.A-Za-z0-9]{0,62}:[^,\\p{Cntrl}]+");

    private Principals() {}

    /** Names that are separated by commas. */
    static Stream<String> split(String text) {
        return text.isBlank() ? Stream.of() : Stream.of(text.split(",", -1));
    }

    /** These names, each once, in order. */
    static List<String> of(Collection<String> names) throws InvalidAccess {
        if (names.size() > MOST) {
            throw new InvalidAccess("there are %d principals, and %d at most are taken: name groups instead"
                    .formatted(names.size(), MOST));
        }
        var checked = new TreeSet<String>();
        for (var name : names) {
            checked.add(check(name.strip()));
        }
        return List.copyOf(checked);
    }

    private static String check(String name) throws InvalidAccess {
        if (name.equals(EVERYONE)) {
            return name;
        }
        if (name.length() > LONGEST
                || !NAME.matcher(name).matches()
                || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            var why =
                    " is no principal: write everyone, or a kind, a colon and a name, such as user:alice or group:staff, at most %d characters"
                            .formatted(LONGEST);
            throw new InvalidAccess(told(name) + why, "a name in it" + why);
        }
        return name;
    }

    /** As it may stand in a status: short, and of characters that can be seen. */
    private static String told(String name) {
        var start = name.length() <= LONGEST_TOLD ? name : name.substring(0, LONGEST_TOLD) + "…";
        return "\"" + start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + "\"";
    }
}
