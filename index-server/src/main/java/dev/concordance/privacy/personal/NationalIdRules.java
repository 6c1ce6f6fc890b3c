package dev.concordance.privacy.personal;

import java.util.Set;

/** What each country demands of its numbers, given without separators and in capitals. docs/privacy.md names the sources. */
final class NationalIdRules {
    private static final String SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String FINNISH_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private static final String CHINESE_CHARACTERS = "10X98765432";
    private static final String ITALIAN_MONTHS = "ABCDEHLMPRST";
    private static final String ITALIAN_DIGITS = "0123456789LMNPQRSTUV";
    /** What characters at odd places count, digits and the letters from A. */
    private static final int[] ITALIAN_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private static final Set<String> BRITISH_UNUSED = Set.of("BG", "GB", "KN", "NK", "NT", "TN", "ZZ");
    private static final int[] CHINESE_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final int NIR_LENGTH = 13;
    private static final int MOST_OF_A_DIGIT = 3;

    private NationalIdRules() {}

    static boolean us(String n) {
        return !n.startsWith("000")
                && !n.startsWith("666")
                && n.charAt(0) != '9'
                && !n.startsWith("00", 3)
                && !n.endsWith("0000")
                && !Checksums.isMonotonous(n);
    }

    static boolean gb(String n) {
        return "DFIQUV".indexOf(n.charAt(0)) < 0
                && "DFIOQUV".indexOf(n.charAt(1)) < 0
                && !BRITISH_UNUSED.contains(n.substring(0, 2))
                && n.charAt(8) <= 'D';
    }

    /** One digit of the first ten occurs two or three times, the others at most once. */
    static boolean de(String n) {
        var counts = new int[10];
        n.substring(0, 10).chars().forEach(c -> counts[c - '0']++);
        var repeated = 0;
        for (var count : counts) {
            repeated += count > 1 ? 1 : 0;
            if (count > MOST_OF_A_DIGIT) {
                return false;
            }
        }
        return n.charAt(0) != '0' && repeated == 1 && Checksums.mod11And10(n);
    }

    /** The key is 97 less the remainder; departments 2A and 2B of Corsica count as 19 and 18. */
    static boolean fr(String n) {
        var month = Integer.parseInt(n.substring(3, 5));
        var corsica = n.charAt(6) == 'A' || n.charAt(6) == 'B';
        if ("123478".indexOf(n.charAt(0)) < 0
                || month == 0
                || month > 12 && month < 20
                || corsica && n.charAt(5) != '2'
                || !corsica && Character.isLetter(n.charAt(6))) {
            return false;
        }
        var digits = n.replace("2A", "19").replace("2B", "18");
        return 97 - Checksums.mod(digits.substring(0, NIR_LENGTH), 97)
                == Integer.parseInt(digits.substring(NIR_LENGTH));
    }

    static boolean es(String n) {
        var first = "XYZ".indexOf(n.charAt(0));
        if (first < 0 && Character.isLetter(n.charAt(0))) {
            return false;
        }
        var digits = (first < 0 ? n.substring(0, 1) : String.valueOf(first)) + n.substring(1, 8);
        return SPANISH_LETTERS.charAt(Integer.parseInt(digits) % 23) == n.charAt(8);
    }

    static boolean it(String n) {
        if (ITALIAN_MONTHS.indexOf(n.charAt(8)) < 0) {
            return false;
        }
        for (var place : new int[] {6, 7, 9, 10, 12, 13, 14}) {
            if (ITALIAN_DIGITS.indexOf(n.charAt(place)) < 0) {
                return false;
            }
        }
        var sum = 0;
        for (var i = 0; i < 15; i++) {
            var c = n.charAt(i);
            var value = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? ITALIAN_ODD[value] : value;
        }
        return sum % 26 == n.charAt(15) - 'A';
    }

    static boolean nl(String n) {
        return Checksums.weighted(n, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0 && !Checksums.isMonotonous(n);
    }

    /** The century is in the month. */
    static boolean pl(String n) {
        var month = Integer.parseInt(n.substring(2, 4)) % 20;
        return Checksums.isDay(n.substring(4, 6), String.valueOf(month))
                && Checksums.weighted(n, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
    }

    /** Those born from 2000 on have a 2 before the number when the key is computed. */
    static boolean be(String n) {
        var key = Integer.parseInt(n.substring(9));
        var number = n.substring(0, 9);
        return Checksums.isDay(n.substring(4, 6), n.substring(2, 4))
                && (97 - Checksums.mod(number, 97) == key || 97 - Checksums.mod("2" + number, 97) == key);
    }

    /** A coordination number has 60 added to the day. */
    static boolean se(String n) {
        var ten = n.substring(n.length() - 10);
        var day = Integer.parseInt(ten.substring(4, 6));
        return Checksums.isDay(String.valueOf(day > 60 ? day - 60 : day), ten.substring(2, 4)) && Checksums.luhn(ten);
    }

    static boolean no(String n) {
        return Checksums.isDay(n.substring(0, 2), n.substring(2, 4))
                && Checksums.weighted(n, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0
                && Checksums.weighted(n, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
    }

    static boolean dk(String n) {
        return Checksums.isDay(n.substring(0, 2), n.substring(2, 4));
    }

    static boolean fi(String n) {
        var century = n.length() - 4;
        var digits = n.substring(0, 6) + n.substring(century, century + 3);
        return Checksums.isDay(n.substring(0, 2), n.substring(2, 4))
                && digits.chars().allMatch(Character::isDigit)
                && FINNISH_CHARACTERS.charAt(Integer.parseInt(digits) % 31) == n.charAt(n.length() - 1);
    }

    /** The fourth digit is the check digit. */
    static boolean at(String n) {
        return n.charAt(0) != '0'
                && Checksums.isDay(n.substring(4, 6), n.substring(6, 8))
                && Checksums.weighted(n, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == n.charAt(3) - '0';
    }

    static boolean pt(String n) {
        var rest = Checksums.weighted(n, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return "1235689".indexOf(n.charAt(0)) >= 0 && (rest < 2 ? 0 : 11 - rest) == n.charAt(8) - '0';
    }

    static boolean br(String n) {
        var first = Checksums.weighted(n, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        var second = Checksums.weighted(n, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        return first == n.charAt(9) - '0' && second == n.charAt(10) - '0' && !Checksums.isMonotonous(n);
    }

    static boolean cn(String n) {
        return Checksums.isDay(n.substring(12, 14), n.substring(10, 12))
                && (n.startsWith("19", 6) || n.startsWith("20", 6))
                && CHINESE_CHARACTERS.charAt(Checksums.weighted(n, CHINESE_WEIGHTS) % 11) == n.charAt(17);
    }
}
