package dev.concordance.privacy;

import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of a document.
 *
 * @param document with placeholders
 * @param uri null: it has none, or one that mustn't be shown
 * @param findings how much of each kind was found
 */
public record Screened(
        ParsedDocument document,
        @Nullable String uri,
        Map<Kind, Long> findings,
        Signals signals,
        @Nullable Refusal refusal) {
    /** A document is not to be indexed. */
    record Refusal(QuarantineReason reason, Map<Kind, Long> findings) {}

    static Screened asItIs(ParsedDocument document, @Nullable String uri) {
        return new Screened(document, uri, Map.of(), Signals.NONE, null);
    }

    /** Throws if it is not to be indexed. */
    public void check() throws UnreadableDocument {
        if (refusal != null) {
            var what = refusal.findings().entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue())
                    .collect(Collectors.joining(", "));
            throw new UnreadableDocument(
                    refusal.reason(),
                    "it holds what the ChunkingPolicy keeps out (%s): remove it from the document, or declare another action"
                            .formatted(what));
        }
    }

    /** Marks of the passage {@code source[start:end]}, in code points, with the given headings above it. */
    public List<String> signals(int start, int end, List<String> headings) {
        return signals.of(start, end, headings);
    }

    /** Changes with all that passages are made of, and is made of nothing else, so that it tells nothing of what was redacted. */
    public String contentHash() {
        return new Fingerprint("screened/1")
                .with("title", document.title())
                .with("text", document.text())
                .with("blocks", document.blocks())
                .with("places", document.origin().places())
                .with("pages", document.pages().starts())
                .with("signals", signals)
                .digest();
    }
}
