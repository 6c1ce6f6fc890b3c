package dev.concordance.privacy.personal;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** E-mail addresses (RFC 5321) as people write them: without quotes, comments and address literals. */
public final class Emails implements Detector {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_DOMAIN = 253;
    private static final String ENCODED = "xn--";
    private static final int LONGEST_TOP_LEVEL = 24;
    /** Two letters that are a top-level domain and no country of ISO 3166-1. */
    private static final Set<String> NO_COUNTRIES = Set.of("eu", "uk", "ac", "su");

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    /** Ends of file names, such as {@code logo@2x.png}, that are no top-level domain. */
    private static final Set<String> FILES = Set.of(
            "png",
            "jpg",
            "jpeg",
            "gif",
            "svg",
            "webp",
            "avif",
            "ico",
            "pdf",
            "html",
            "htm",
            "css",
            "scss",
            "json",
            "yaml",
            "yml",
            "xml",
            "toml",
            "txt",
            "tgz",
            "tar",
            "jar",
            "exe",
            "dll",
            "tsx",
            "jsx",
            "mjs",
            "class",
            "local",
            "localhost",
            "internal",
            "lan");

    @Override
    public void find(String text, Consumer<Finding> found) {
        var from = 0;
        for (var at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            var start = nameStart(text, at, from);
            var end = start == at ? -1 : domainEnd(text, at + 1);
            if (end >= 0 && !isRemote(text, start, at, end)) {
                found.accept(new Finding(Kind.Email, start, end));
                from = end;
            }
        }
    }

    /** Where the name before an at-sign begins; the at-sign's place if there is none. */
    private static int nameStart(String text, int at, int from) {
        var start = at;
        while (start > from && isName(text.charAt(start - 1))) {
            start--;
            if (at - start > LONGEST_NAME) {
                return at;
            }
        }
        while (start < at && !Character.isLetterOrDigit(text.charAt(start)) && text.charAt(start) != '_') {
            start++;
        }
        return start;
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || "._%+-'".indexOf(c) >= 0;
    }

    /** Where the domain ends; -1 if it is none. What follows the last top-level domain in it is no part of it. */
    private static int domainEnd(String text, int start) {
        var end = start;
        while (end < text.length() && end - start < LONGEST_DOMAIN && isDomain(text.charAt(end))) {
            end++;
        }
        for (var dot = end - 1; dot > start; dot--) {
            if (text.charAt(dot) == '.') {
                var last = topLevelEnd(text, dot + 1, end);
                if (last > 0) {
                    return last;
                }
                end = dot;
            }
        }
        return -1;
    }

    /** Where the top-level domain ends that a label is or begins with; -1 if there is none. */
    private static int topLevelEnd(String text, int start, int end) {
        if (text.startsWith(ENCODED, start)) {
            return end;
        }
        var last = start;
        while (last < end && Character.isLetter(text.charAt(last))) {
            last++;
        }
        return isTopLevel(text.substring(start, last)) && !Ascii.isWordAt(text, last) ? last : -1;
    }

    private static boolean isDomain(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-';
    }

    private static boolean isTopLevel(String label) {
        if (label.length() == 2) {
            return COUNTRIES.contains(label.toUpperCase(Locale.ROOT))
                    || NO_COUNTRIES.contains(label.toLowerCase(Locale.ROOT))
                    || label.charAt(0) > '~';
        }
        return label.length() > 2
                && label.length() <= LONGEST_TOP_LEVEL
                && !FILES.contains(label.toLowerCase(Locale.ROOT));
    }

    /** A repository's address, {@code git@host:path}, has the form of a person's. */
    private static boolean isRemote(String text, int start, int at, int end) {
        return text.substring(start, at).equals("git")
                && end < text.length()
                && (text.charAt(end) == ':' || text.charAt(end) == '/');
    }
}
