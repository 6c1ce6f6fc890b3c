package dev.concordance.manifest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Phrases in a question that others are put in the place of. A phrase is words in lower case with a space between them.
 *
 * @param phrases that are looked for
 * @param others each of which is put there; a phrase that is among them stays
 */
public record SynonymRule(List<String> phrases, List<String> others) {
    /** Most rules of a corpus, since they are part of each query server's table. */
    public static final int MOST = 500;

    /** Most characters of all rules, for the same reason. */
    public static final int MOST_CHARACTERS = 32 * 1024;

    private static final String ARROW = "=>";
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    public SynonymRule {
        phrases = List.copyOf(phrases);
        others = List.copyOf(others);
    }

    /** What is wrong with which line. */
    public static final class InvalidSynonyms extends Exception {
        private static final long serialVersionUID = 1;

        InvalidSynonyms(String sentence) {
            super(sentence, null, false, false);
        }
    }

    /** Reads rules in Solr's format, one a line. */
    public static List<SynonymRule> parse(String text) throws InvalidSynonyms {
        if (text.length() > MOST_CHARACTERS) {
            throw new InvalidSynonyms(
                    "there are %d characters of synonyms; at most %d can be".formatted(text.length(), MOST_CHARACTERS));
        }
        var rules = new ArrayList<SynonymRule>();
        var number = 0;
        for (var line : text.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                rules.add(rule(line, number));
            }
        }
        if (rules.size() > MOST) {
            throw new InvalidSynonyms("there are %d synonym rules; at most %d can be".formatted(rules.size(), MOST));
        }
        return rules;
    }

    private static SynonymRule rule(String line, int number) throws InvalidSynonyms {
        var arrow = line.indexOf(ARROW);
        if (arrow < 0) {
            var same = phrases(line, number);
            if (same.size() < 2) {
                throw new InvalidSynonyms(
                        "line %d has one phrase; write two or more with commas between them, or => and another one"
                                .formatted(number));
            }
            return new SynonymRule(same, same);
        }
        var others = line.substring(arrow + ARROW.length());
        if (others.contains(ARROW)) {
            throw new InvalidSynonyms("line %d has => twice; write two rules".formatted(number));
        }
        return new SynonymRule(phrases(line.substring(0, arrow), number), phrases(others, number));
    }

    private static List<String> phrases(String list, int number) throws InvalidSynonyms {
        var phrases = Arrays.stream(list.split(",", -1)).map(SynonymRule::words).toList();
        if (phrases.contains("")) {
            throw new InvalidSynonyms(
                    "line %d has no word where one should be: before or after a comma or =>".formatted(number));
        }
        return phrases;
    }

    /** A text's words in lower case, with a space between them. */
    public static String words(String text) {
        return NO_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
    }
}
