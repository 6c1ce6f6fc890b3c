package dev.concordance.privacy;

import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Action;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.parse.Replacements;
import dev.concordance.parse.Replacements.Replacement;
import dev.concordance.privacy.finding.Finding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts placeholders into the words that stand around a document's text, and remembers what was found in them. */
final class Redaction {
    private final Privacy privacy;
    private final Detectors detectors;
    private final Map<Kind, Long> found = new EnumMap<>(Kind.class);

    Redaction(Privacy privacy, Detectors detectors) {
        this.privacy = privacy;
        this.detectors = detectors;
    }

    /** How much of each kind was found. */
    Map<Kind, Long> found() {
        return found;
    }

    /** What is only marked, of all that was found. */
    Set<Kind> signals() {
        var signals = EnumSet.noneOf(Kind.class);
        found.keySet().stream().filter(kind -> is(kind, Action.Signal)).forEach(signals::add);
        return signals;
    }

    /** A text, such as a title. */
    String of(String text) {
        return replacements(counted(detectors.find(text))).in(text);
    }

    /**
     * Metadata. A number can't have a placeholder, nor a field of a declared type other than keyword, so they are left out.
     *
     * @param typed names of the fields of such types
     */
    Map<String, Object> of(Map<String, Object> metadata, Set<String> typed) {
        var kept = new LinkedHashMap<String, Object>();
        metadata.forEach((name, value) -> {
            var redacted = value(name, value);
            if (redacted != null && (redacted.equals(value) || !typed.contains(name))) {
                kept.put(of(name), redacted);
            }
        });
        return kept;
    }

    private @Nullable Object value(String name, Object value) {
        return switch (value) {
            case Map<?, ?> map -> map(map);
            case List<?> list -> list(name, list);
            case Number number -> named(name, plain(number)).equals(plain(number)) ? number : null;
            case String text -> named(name, text);
            default -> value;
        };
    }

    private static String plain(Number number) {
        return number instanceof Double || number instanceof Float
                ? BigDecimal.valueOf(number.doubleValue()).stripTrailingZeros().toPlainString()
                : number.toString();
    }

    private Map<String, Object> map(Map<?, ?> map) {
        var kept = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            var redacted = value(String.valueOf(key), value);
            if (redacted != null) {
                kept.put(of(String.valueOf(key)), redacted);
            }
        });
        return kept;
    }

    private List<Object> list(String name, List<?> list) {
        var kept = new ArrayList<Object>();
        for (var element : list) {
            var redacted = value(name, element);
            if (redacted != null) {
                kept.add(redacted);
            }
        }
        return kept;
    }

    /** A name announces what a value is. */
    private String named(String name, String value) {
        return behind(name + ": ", value);
    }

    /** A text behind another one, which may announce what it is. */
    String behind(String begin, String value) {
        var within = detectors.find(begin + value).stream()
                .filter(finding -> finding.end() > begin.length())
                .map(finding -> new Finding(
                        finding.kind(), Math.max(0, finding.start() - begin.length()), finding.end() - begin.length()))
                .toList();
        return replacements(counted(within)).in(value);
    }

    private List<Finding> counted(List<Finding> findings) {
        findings.forEach(finding -> found.merge(finding.kind(), 1L, Long::sum));
        return findings;
    }

    /** The placeholders of what is to be redacted; where two findings overlap, one stands for all that they cover. */
    Replacements replacements(List<Finding> findings) {
        var replacements = new ArrayList<Replacement>();
        for (var finding : findings) {
            if (!is(finding.kind(), Action.Redact)) {
                continue;
            }
            var last = replacements.isEmpty() ? null : replacements.getLast();
            if (last != null && finding.start() < last.end()) {
                var end = Math.max(last.end(), finding.end());
                replacements.set(replacements.size() - 1, new Replacement(last.start(), end, last.by()));
            } else {
                replacements.add(new Replacement(
                        finding.start(), finding.end(), finding.kind().placeholder()));
            }
        }
        return new Replacements(replacements);
    }

    private boolean is(Kind kind, Action action) {
        return privacy.actions().get(kind) == action;
    }
}
