package dev.concordance.privacy.personal;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** International bank account numbers (ISO 13616): of a country that has them, as long as they are there, with the right check digits. */
public final class Ibans implements Detector {
    /** Country and length of each entry of the registry. */
    private static final String REGISTRY =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29"
                    + " ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30"
                    + " KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15"
                    + " OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23"
                    + " TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static final int COUNTRY = 2;
    private static final int HEAD = 4;
    private static final Map<String, Integer> LENGTHS = lengths();

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var i = 0; i + HEAD < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i + COUNTRY)) || !isHead(text, i)) {
                continue;
            }
            var end = end(text, i);
            if (end > 0 && !Ascii.isWordAt(text, end) && Checksums.iban(Checksums.compact(text, i, end))) {
                found.accept(new Finding(Kind.Iban, i, end));
                i = end - 1;
            }
        }
    }

    private static boolean isHead(String text, int start) {
        return Ascii.isLetter(text.charAt(start))
                && Ascii.isLetter(text.charAt(start + 1))
                && Ascii.isDigit(text.charAt(start + COUNTRY + 1))
                && !Ascii.isWordAt(text, start - 1);
    }

    /** Where a number of the country's length ends, with at most one space or dash between two characters; -1 if it doesn't. */
    private static int end(String text, int start) {
        var length = LENGTHS.get(Checksums.compact(text, start, start + COUNTRY));
        if (length == null) {
            return -1;
        }
        var at = start;
        for (var count = 0; count < length; count++, at++) {
            if (at < text.length() && count > 0 && (text.charAt(at) == ' ' || text.charAt(at) == '-')) {
                at++;
            }
            if (at >= text.length() || !Ascii.isAlphanumeric(text.charAt(at))) {
                return -1;
            }
        }
        return at;
    }

    private static Map<String, Integer> lengths() {
        var lengths = new HashMap<String, Integer>();
        for (var entry : REGISTRY.split(" ", -1)) {
            lengths.put(entry.substring(0, COUNTRY), Integer.valueOf(entry.substring(COUNTRY)));
        }
        return Map.copyOf(lengths);
    }
}
