package dev.concordance.privacy;

import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Action;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.parse.Origin.Range;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.privacy.finding.Finding;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Screens documents by one policy. Immutable. */
public final class Screening {
    private final Privacy privacy;
    private final Detectors detectors;

    public Screening(Privacy privacy) {
        this.privacy = privacy;
        this.detectors = new Detectors(privacy);
    }

    /**
     * What may be known of a document.
     *
     * @param typed names of metadata fields that are declared to be something else than a keyword
     */
    public Screened screen(ParsedDocument document, @Nullable String uri, Set<String> typed) {
        if (privacy.isNone()) {
            return Screened.asItIs(document.shortened(), uri);
        }
        var findings = findings(document);
        var beside = redaction();
        var replacements = beside.replacements(findings);
        var headings = new Headings(document, replacements, this::redaction);
        var title = headings.title(document.title(), beside);
        var metadata = beside.of(document.metadata(), typed);
        var shownUri = uri != null && isClean(uri, beside) ? uri : null;
        var redacted = document.replaced(replacements, title, headings::of, metadata);
        var counts = counts(findings, beside.found(), headings.found());
        return new Screened(
                redacted,
                shownUri,
                counts,
                signals(document, findings, headings.signals(), beside.signals()),
                refusal(counts));
    }

    private Redaction redaction() {
        return new Redaction(privacy, detectors);
    }

    /** All of the text, so that what begins in one passage and ends in another is found. */
    private List<Finding> findings(ParsedDocument document) {
        var findings = new ArrayList<>(detectors.find(document.text()));
        if (privacy.actions().containsKey(Kind.HiddenText)) {
            document.hidden().forEach(range -> findings.add(new Finding(Kind.HiddenText, range.start(), range.end())));
        }
        findings.sort(Comparator.comparingInt(Finding::start));
        return findings;
    }

    /** An address with a placeholder leads nowhere, so one in which something is redacted isn't shown. */
    private static boolean isClean(String uri, Redaction redaction) {
        return redaction.of(uri).equals(uri) && redaction.of(decoded(uri)).equals(decoded(uri));
    }

    private static String decoded(String uri) {
        try {
            return URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return uri;
        }
    }

    /** What stands in the text and beside it, as a title does that is its first heading, is counted once. */
    private static Map<Kind, Long> counts(List<Finding> findings, Map<Kind, Long> beside, Map<Kind, Long> headings) {
        var counts = new EnumMap<Kind, Long>(Kind.class);
        findings.forEach(finding -> counts.merge(finding.kind(), 1L, Long::sum));
        beside.forEach((kind, count) -> counts.merge(kind, count, Math::max));
        headings.forEach((kind, count) -> counts.merge(kind, count, Math::max));
        return counts;
    }

    private Screened.@Nullable Refusal refusal(Map<Kind, Long> counts) {
        var refused = new TreeMap<Kind, Long>(counts);
        refused.keySet().removeIf(kind -> privacy.actions().get(kind) != Action.Quarantine);
        return refused.isEmpty()
                ? null
                : new Screened.Refusal(refused.firstKey().reason(), refused);
    }

    private Signals signals(
            ParsedDocument document,
            List<Finding> findings,
            NavigableMap<String, Set<Kind>> headings,
            Set<Kind> everywhere) {
        var ranges = new EnumMap<Kind, List<Range>>(Kind.class);
        for (var finding : findings) {
            if (privacy.actions().get(finding.kind()) == Action.Signal) {
                ranges.computeIfAbsent(finding.kind(), kind -> new ArrayList<>())
                        .add(document.origin().range(finding.start(), finding.end()));
            }
        }
        return Signals.of(document.origin().source(), ranges, headings, everywhere);
    }
}
