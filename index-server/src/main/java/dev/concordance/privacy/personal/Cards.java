package dev.concordance.privacy.personal;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import dev.concordance.privacy.finding.Surroundings;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Numbers of payment cards (ISO/IEC 7812-1): of an issuer's range and length, with the right check digit, written in one or in
 * groups as they are embossed.
 */
public final class Cards implements Detector {
    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;
    private static final int USUAL = 16;
    private static final int GROUP = 4;
    private static final int MOST_GROUPS = 5;
    private static final int MIDDLE_GROUP = 6;

    /** Numbers whose first digits are between two numbers of as many digits. */
    private record Range(String first, String last, int shortest, int longest) {
        boolean holds(String number) {
            var begin = number.substring(0, first.length());
            return number.length() >= shortest
                    && number.length() <= longest
                    && begin.compareTo(first) >= 0
                    && begin.compareTo(last) <= 0;
        }
    }

    private static final Set<String> WORDS = Set.of(
            "card",
            "card number",
            "visa",
            "maestro",
            "unionpay",
            "jcb",
            "discover",
            "karte",
            "kreditkarte",
            "carte",
            "tarjeta",
            "carta",
            "cartão");

    private static final List<Range> ISSUERS = List.of(
            new Range("4", "4", 13, 13), // Visa
            new Range("4", "4", 16, 16),
            new Range("4", "4", 19, 19),
            new Range("51", "55", 16, 16), // Mastercard
            new Range("2221", "2720", 16, 16),
            new Range("34", "34", 15, 15), // American Express
            new Range("37", "37", 15, 15),
            new Range("6011", "6011", 16, 19), // Discover
            new Range("644", "649", 16, 19),
            new Range("65", "65", 16, 19),
            new Range("300", "305", 14, 19), // Diners Club
            new Range("36", "36", 14, 19),
            new Range("38", "39", 14, 19),
            new Range("3528", "3589", 16, 19), // JCB
            new Range("62", "62", 16, 19), // UnionPay
            new Range("2200", "2204", 16, 19), // Mir
            new Range("5018", "5018", 13, 19), // Maestro
            new Range("5020", "5020", 13, 19),
            new Range("5038", "5038", 13, 19),
            new Range("5893", "5893", 13, 19),
            new Range("6304", "6304", 13, 19),
            new Range("6759", "6763", 13, 19));

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var i = 0; i < text.length(); ) {
            if (!Ascii.isDigit(text.charAt(i))) {
                i++;
                continue;
            }
            var end = groupEnd(text, i);
            var card = end - i == GROUP ? groups(text, i) : single(text, i, end);
            if (card > 0) {
                found.accept(new Finding(Kind.Card, i, card));
            }
            i = Math.max(end, card);
        }
    }

    /** Where a card's number that is written in one ends; -1 if it is none. Of the long ones most are something else. */
    private static int single(String text, int start, int end) {
        return end - start >= SHORTEST
                        && isCard(text, start, end)
                        && (end - start <= USUAL || Surroundings.announce(text, start, WORDS))
                ? end
                : -1;
    }

    /** Where a card's number that is written in groups ends; -1 if there is none. */
    private static int groups(String text, int start) {
        var ends = new int[MOST_GROUPS];
        ends[0] = start + GROUP;
        var count = 1;
        while (count < MOST_GROUPS && continues(text, ends[0], ends[count - 1])) {
            ends[count] = groupEnd(text, ends[count - 1] + 1);
            count++;
        }
        for (var last = count - 1; last >= 2; last--) {
            if (isEmbossed(start, ends, last) && isCard(text, start, ends[last])) {
                return ends[last];
            }
        }
        return -1;
    }

    /** Whether a group ends with the same separator as the first one, and another follows. */
    private static boolean continues(String text, int firstEnd, int end) {
        return Ascii.isDigitAt(text, end + 1)
                && (text.charAt(end) == ' ' || text.charAt(end) == '-')
                && text.charAt(end) == text.charAt(firstEnd);
    }

    /** Groups of four, the last perhaps shorter; or 4-6-5 and 4-6-4. */
    private static boolean isEmbossed(int start, int[] ends, int last) {
        var middle = ends[1] - ends[0] - 1;
        var rest = ends[last] - ends[last - 1] - 1;
        if (last == 2) {
            return middle == MIDDLE_GROUP && (rest == GROUP || rest == GROUP + 1);
        }
        for (var i = 1; i < last; i++) {
            if (ends[i] - ends[i - 1] - 1 != GROUP) {
                return false;
            }
        }
        return rest <= GROUP && ends[0] - start == GROUP;
    }

    private static boolean isCard(String text, int start, int end) {
        if (!Ascii.isApart(text, start, end)) {
            return false;
        }
        var number = Checksums.compact(text, start, end);
        return number.length() >= SHORTEST
                && number.length() <= LONGEST
                && ISSUERS.stream().anyMatch(range -> range.holds(number))
                && Checksums.luhn(number)
                && !Checksums.isMonotonous(number);
    }

    private static int groupEnd(String text, int start) {
        var end = start;
        while (end < text.length() && Ascii.isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
