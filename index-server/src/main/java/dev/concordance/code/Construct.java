package dev.concordance.code;

import java.util.List;

/**
 * A definition, or another statement that has a body, as a half-open range of UTF-16 units. Comments and annotations right above
 * it are part of it.
 *
 * @param signature a definition's words before its body, in one line; empty for a statement that defines nothing
 * @param inner constructs in its body, in order, not overlapping
 */
public record Construct(int start, int end, String signature, List<Construct> inner) {
    private static final int LONGEST_SIGNATURE = 120;

    public Construct {
        signature = shortened(signature.replaceAll("\\s+", " ").strip());
        inner = List.copyOf(inner);
    }

    private static String shortened(String signature) {
        if (signature.length() <= LONGEST_SIGNATURE) {
            return signature;
        }
        var isCut = Character.isHighSurrogate(signature.charAt(LONGEST_SIGNATURE - 1));
        return signature
                .substring(0, isCut ? LONGEST_SIGNATURE - 1 : LONGEST_SIGNATURE)
                .strip();
    }
}
