package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which paths of a source are asked for. In a glob {@code *} and {@code ?} stay within a folder, {@code **} doesn't,
 * {@code **}{@code /} is also no folder at all, and {@code {a,b}} is either.
 */
final class Selection {
    private final List<Pattern> include;
    private final List<Pattern> exclude;

    Selection(SourceManifest source) {
        include = source.include().stream().map(Selection::pattern).toList();
        exclude = source.exclude().stream().map(Selection::pattern).toList();
    }

    boolean takes(String path) {
        return (include.isEmpty()
                        || include.stream().anyMatch(glob -> glob.matcher(path).matches()))
                && exclude.stream().noneMatch(glob -> glob.matcher(path).matches());
    }

    private static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        var braces = 0;
        for (var i = 0; i < glob.length(); i++) {
            var c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '{' && glob.indexOf('}', i) > 0) {
                regex.append("(?:");
                braces++;
            } else if (c == '}' && braces > 0) {
                regex.append(')');
                braces--;
            } else {
                regex.append(piece(c, braces > 0));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static String piece(char c, boolean inBraces) {
        return switch (c) {
            case '*' -> "[^/]*";
            case '?' -> "[^/]";
            case ',' -> inBraces ? "|" : ",";
            default -> Pattern.quote(String.valueOf(c));
        };
    }
}
