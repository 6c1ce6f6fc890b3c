package dev.concordance.embedding;

/** The classes of characters that BERT's normalizer and pre-tokenizer know (google-research/bert, tokenization.py). */
final class Characters {
    /** What a character does to the words around it. */
    enum Kind {
        DROPPED,
        SPACE,
        /** A word of its own: punctuation, symbols of ASCII, and CJK ideographs. */
        ALONE,
        WORD
    }

    private static final Kind[] ASCII = new Kind[128];

    static {
        for (var c = 0; c < ASCII.length; c++) {
            ASCII[c] = ascii(c);
        }
    }

    private Characters() {}

    static Kind of(int codePoint) {
        if (codePoint < ASCII.length) {
            return ASCII[codePoint];
        }
        if (codePoint == 0xFFFD) {
            return Kind.DROPPED;
        }
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> Kind.SPACE;
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> Kind.DROPPED;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> Kind.ALONE;
            default -> isIdeograph(codePoint) ? Kind.ALONE : Kind.WORD;
        };
    }

    private static Kind ascii(int c) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            return Kind.SPACE;
        }
        if (c < ' ' || c == 127) {
            return Kind.DROPPED;
        }
        return Character.isLetterOrDigit(c) ? Kind.WORD : Kind.ALONE;
    }

    private static boolean isIdeograph(int c) {
        return within(c, 0x4E00, 0x9FFF)
                || within(c, 0x3400, 0x4DBF)
                || within(c, 0x20000, 0x2A6DF)
                || within(c, 0x2A700, 0x2CEAF)
                || within(c, 0xF900, 0xFAFF)
                || within(c, 0x2F800, 0x2FA1F);
    }

    private static boolean within(int c, int first, int last) {
        return first <= c && c <= last;
    }
}
