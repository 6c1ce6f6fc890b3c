package dev.concordance.chunking;

import dev.concordance.embedding.Tokenizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The context headers of one document; none has more than {@code most} tokens. */
final class Headers {
    /** A rendered header and how many tokens it has. */
    record Header(String text, int tokens) {}

    private final ContextHeader template;
    private final Tokenizer tokenizer;
    private final String title;
    private final int most;
    private final Map<List<String>, Header> rendered = new HashMap<>();
    private List<String> lastAsked = List.of();
    private Header lastRendered;

    Headers(ContextHeader template, Tokenizer tokenizer, String title, int most) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.title = title;
        this.most = most;
        this.lastRendered = cut(template.render(title, lastAsked));
        rendered.put(lastAsked, lastRendered);
    }

    Header of(List<String> headings) {
        if (headings != lastAsked) {
            lastRendered = rendered.computeIfAbsent(headings, path -> cut(template.render(title, path)));
            lastAsked = headings;
        }
        return lastRendered;
    }

    private Header cut(String text) {
        var tokens = tokenizer.tokenize(text);
        if (tokens.size() <= most) {
            return new Header(text, tokens.size());
        }
        var kept = text.substring(0, tokens.start(most)).strip();
        return new Header(kept, tokenizer.count(kept));
    }
}
