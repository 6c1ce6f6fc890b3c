package dev.concordance.search;

import dev.concordance.manifest.SynonymRule;
import java.util.LinkedHashSet;
import java.util.List;

/** The wordings of a question that mean the same by a corpus's synonyms; each is searched for, and the best counts. */
final class Wordings {
    /** A question of many words that each have many synonyms would have as many wordings as there are combinations. */
    static final int MOST = 16;

    private Wordings() {}

    /** At most {@value #MOST} of them; the question itself where no rule has anything to say of it. */
    static List<String> of(String query, List<SynonymRule> rules) {
        var asked = padded(SynonymRule.words(query));
        var wordings = List.of(asked);
        for (var rule : rules) {
            wordings = applied(rule, wordings);
        }
        return wordings.equals(List.of(asked))
                ? List.of(query)
                : wordings.stream().map(String::strip).toList();
    }

    private static List<String> applied(SynonymRule rule, List<String> wordings) {
        var next = new LinkedHashSet<String>();
        for (var wording : wordings) {
            var isFound = false;
            for (var phrase : rule.phrases()) {
                if (wording.contains(padded(phrase))) {
                    isFound = true;
                    if (rule.others().contains(phrase)) {
                        next.add(wording);
                    }
                    rule.others().forEach(other -> next.add(wording.replace(padded(phrase), padded(other))));
                }
            }
            if (!isFound) {
                next.add(wording);
            }
        }
        return next.stream().limit(MOST).toList();
    }

    /** So that a phrase is found among whole words only. */
    private static String padded(String words) {
        return " " + words + " ";
    }
}
