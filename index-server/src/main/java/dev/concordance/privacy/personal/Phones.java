package dev.concordance.privacy.personal;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import dev.concordance.privacy.finding.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Phone numbers that are in use, by the numbering plans of libphonenumber: with a country code anywhere, and of declared
 * countries without one where a word announces it or the digits are grouped as they are written there.
 */
public final class Phones implements Detector {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final Set<String> WORDS = Set.of(
            "phone",
            "tel",
            "telephone",
            "call",
            "fax",
            "mobile",
            "cell:",
            "telefon",
            "fon",
            "handy",
            "mobil",
            "telefax",
            "téléphone",
            "tél",
            "portable",
            "teléfono",
            "móvil",
            "telefono",
            "cellulare",
            "telefone",
            "telefoon",
            "puhelin",
            "hotline",
            "whatsapp");

    /** At most one separator between two groups; brackets and slashes only about the first one. */
    private static final Pattern TIDY = Pattern.compile("(\\([0-9]+\\)[ -]?|[0-9]+[ ./-])[0-9]+([ .-][0-9]+)*");

    private static final int FEWEST_DIGITS = 7;
    private static final int MOST_DIGITS = 15;
    private static final int MOST_GROUPS = 8;
    private static final int WIDEST_GAP = 3;
    private static final int SHORTEST_AREA = 3;
    private static final int SHORTEST_WITH_AREA = 9;
    private static final int ZIP_CODE = 5;
    private static final int ZIP_CODE_REST = 4;
    /** What is dialled for the plus sign in most countries. */
    private static final String ABROAD = "00";

    private static final String ANY_REGION = "ZZ";

    private final List<String> regions;

    /** @param regions countries whose numbers are known without a country code */
    public Phones(List<String> regions) {
        this.regions = List.copyOf(regions);
    }

    /** A run of digits between which there are few other characters, as ends of its groups of digits. */
    private record Chain(int start, List<Integer> starts, List<Integer> ends) {
        int end() {
            return ends.getLast();
        }

        int length(int group) {
            return ends.get(group) - starts.get(group);
        }
    }

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var i = 0; i < text.length(); ) {
            if (!Ascii.isDigit(text.charAt(i))) {
                i++;
                continue;
            }
            var chain = chain(text, i);
            if (begins(text, chain)) {
                look(text, chain, found);
            }
            i = chain.end();
        }
    }

    private static boolean begins(String text, Chain chain) {
        return chain.starts().size() <= MOST_GROUPS && !Ascii.isWordAt(text, chain.start() - 1);
    }

    private static Chain chain(String text, int start) {
        var starts = new ArrayList<Integer>();
        var ends = new ArrayList<Integer>();
        for (var at = start; at >= 0; ) {
            starts.add(at);
            var end = at;
            while (Ascii.isDigitAt(text, end)) {
                end++;
            }
            ends.add(end);
            at = next(text, end);
        }
        return new Chain(start, starts, ends);
    }

    /** Where the next group of the same number may begin; -1 if none does. */
    private static int next(String text, int end) {
        var at = end;
        while (at < text.length() && at - end < WIDEST_GAP && " -./()".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at > end && Ascii.isDigitAt(text, at) ? at : -1;
    }

    /** Looks at all stretches of the chain, longer ones first, until nothing of it is left. */
    private void look(String text, Chain chain, Consumer<Finding> found) {
        var groups = chain.starts().size();
        for (var from = 0; from < groups; from++) {
            for (var to = groups - 1; to >= from; to--) {
                var start = opening(text, chain.starts().get(from));
                var end = chain.ends().get(to);
                if (isNumber(text, start, end) && (isSelfEvident(text, start) || stands(text, chain, from, to))) {
                    found.accept(new Finding(Kind.Phone, start, end));
                    from = to;
                    break;
                }
            }
        }
    }

    /** With the plus sign and the bracket before it. */
    private static int opening(String text, int start) {
        var before = text.substring(Math.max(0, start - 2), start);
        if (before.equals("(+") || before.equals("+(")) {
            return start - 2;
        }
        return before.endsWith("+") || before.endsWith("(") ? start - 1 : start;
    }

    private static boolean isSelfEvident(String text, int start) {
        return text.startsWith("+", start) || text.startsWith("(+", start);
    }

    /** Whether what is before and behind it in the chain is no part of it, nor of a table of which it is a part. */
    private static boolean stands(String text, Chain chain, int from, int to) {
        return (from == 0
                        || isSpace(
                                        text,
                                        chain.ends().get(from - 1),
                                        chain.starts().get(from))
                                && chain.length(from - 1) != chain.length(from))
                && (to == chain.starts().size() - 1
                        || isSpace(text, chain.ends().get(to), chain.starts().get(to + 1))
                                && chain.length(to + 1) != chain.length(to));
    }

    private static boolean isSpace(String text, int start, int end) {
        return text.substring(start, end).replace("(", "").isBlank();
    }

    private boolean isNumber(String text, int start, int end) {
        var digits = Checksums.compact(text, start, end);
        if (digits.length() < FEWEST_DIGITS
                || digits.length() > MOST_DIGITS
                || Ascii.isWordAt(text, start - 1)
                || Ascii.isWordAt(text, end)
                || Checksums.isMonotonous(digits)) {
            return false;
        }
        var number = text.substring(start, end);
        return number.indexOf('+') < 0
                ? isAbroad(number) || !regions.isEmpty() && isLocal(text, start, number)
                : number.lastIndexOf('+') <= 1 && parsed(number, ANY_REGION) != null;
    }

    private static boolean isAbroad(String number) {
        return number.startsWith(ABROAD)
                && TIDY.matcher(number).matches()
                && !isTable(groups(number))
                && parsed("+" + number.substring(ABROAD.length()), ANY_REGION) != null;
    }

    private boolean isLocal(String text, int start, String number) {
        if (start > 0 && "#=-/.*".indexOf(text.charAt(start - 1)) >= 0) {
            return false;
        }
        for (var region : regions) {
            var parsed = parsed(number, region);
            if (parsed != null && (Surroundings.announce(text, start, WORDS) || isGroupedAsThere(number, parsed))) {
                return true;
            }
        }
        return false;
    }

    /** As its country writes it; behind the zero that opens a number of another place the groups are a matter of taste. */
    private static boolean isGroupedAsThere(String number, PhoneNumber parsed) {
        if (!TIDY.matcher(number).matches()) {
            return false;
        }
        var groups = groups(number);
        var usual = groups(PLANS.format(parsed, PhoneNumberFormat.NATIONAL));
        return groups.equals(usual) && !isRange(number, groups.size())
                || isOfAnArea(groups.getFirst(), usual.getFirst())
                        && String.join("", groups).length() >= SHORTEST_WITH_AREA
                        && number.indexOf('.') < 0
                        && !isZipCode(groups)
                        && !isTable(groups);
    }

    private static boolean isOfAnArea(String first, String usual) {
        return first.startsWith("0")
                && first.length() >= SHORTEST_AREA
                && (usual.startsWith(first) || first.startsWith(usual));
    }

    /** Of numbers of one length, such as code points. */
    private static boolean isTable(List<String> groups) {
        return groups.stream().mapToInt(String::length).distinct().count() == 1;
    }

    /** Of the United States, nine digits as in Boston's 02110-1301. */
    private static boolean isZipCode(List<String> groups) {
        return groups.size() == 2
                && groups.getFirst().length() == ZIP_CODE
                && groups.getLast().length() == ZIP_CODE_REST;
    }

    /** Two numbers, or two fractions, with a dash between them. */
    private static boolean isRange(String number, int groups) {
        return number.indexOf('-') > 0 && (number.indexOf('.') > 0 || groups == 2);
    }

    private static List<String> groups(String number) {
        return List.of(number.replaceAll("[^0-9]+", " ").strip().split(" ", -1));
    }

    private static @Nullable PhoneNumber parsed(String number, String region) {
        try {
            var parsed = PLANS.parse(number, region);
            return PLANS.isValidNumber(parsed) ? parsed : null;
        } catch (NumberParseException e) {
            return null;
        }
    }
}
