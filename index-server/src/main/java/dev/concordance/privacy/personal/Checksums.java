package dev.concordance.privacy.personal;

import dev.concordance.privacy.finding.Ascii;

/** The check digits of the world. All take text of digits, and letters where it says so. */
final class Checksums {
    private static final int IBAN = 97;

    private Checksums() {}

    /** Whether the last digit is the check digit after Luhn (ISO/IEC 7812-1). */
    static boolean luhn(String digits) {
        var sum = 0;
        for (var i = 0; i < digits.length(); i++) {
            var digit = digits.charAt(digits.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
        }
        return sum % 10 == 0;
    }

    /** The remainder by a small number; letters count 10 to 35 (ISO/IEC 7064). */
    static int mod(String characters, int modulus) {
        var rest = 0;
        for (var i = 0; i < characters.length(); i++) {
            var value = Character.digit(characters.charAt(i), 36);
            rest = (rest * (value > 9 ? 100 : 10) + value) % modulus;
        }
        return rest;
    }

    /** Whether an IBAN in capital letters has the check digits that it should have (ISO 13616). */
    static boolean iban(String iban) {
        return mod(iban.substring(4) + iban.substring(0, 4), IBAN) == 1;
    }

    /** The sum of the digits, each times its weight. */
    static int weighted(String digits, int... weights) {
        var sum = 0;
        for (var i = 0; i < weights.length; i++) {
            sum += (digits.charAt(i) - '0') * weights[i];
        }
        return sum;
    }

    /** Whether the last digit is the check digit of ISO/IEC 7064, MOD 11,10. */
    static boolean mod11And10(String digits) {
        var product = 10;
        for (var i = 0; i < digits.length() - 1; i++) {
            var sum = (digits.charAt(i) - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == digits.charAt(digits.length() - 1) - '0';
    }

    /** Whether the last digit is the check digit of EAN-13. */
    static boolean ean13(String digits) {
        return weighted(digits, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;
    }

    /** Whether day and month can be those of a date; the year isn't looked at. */
    static boolean isDay(String day, String month) {
        var ofMonth = Integer.parseInt(month);
        var ofDay = Integer.parseInt(day);
        return ofMonth >= 1 && ofMonth <= 12 && ofDay >= 1 && ofDay <= 31;
    }

    /** Whether all digits are the same, which nobody's number is. */
    static boolean isMonotonous(String digits) {
        return digits.chars().allMatch(c -> c == digits.charAt(0));
    }

    /** The letters and digits of a text, in capitals. */
    static String compact(String text, int start, int end) {
        var compact = new StringBuilder(end - start);
        for (var i = start; i < end; i++) {
            var c = text.charAt(i);
            if (Ascii.isAlphanumeric(c)) {
                compact.append(Ascii.isDigit(c) ? c : (char) (c & ~0x20));
            }
        }
        return compact.toString();
    }
}
