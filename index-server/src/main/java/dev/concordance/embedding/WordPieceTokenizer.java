package dev.concordance.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * BERT's tokenizer: lower case, accents stripped, words cut greedily into the longest known pieces (Wu et al., "Google's
 * Neural Machine Translation System", 2016; Devlin et al., "BERT", 2019). Offsets are of the text as given.
 */
final class WordPieceTokenizer implements Tokenizer {
    private static final String CONTINUATION_PREFIX = "##";
    /** A longer word is unknown, whatever it is made of. */
    static final int LONGEST_WORD = 100;

    private final PieceTrie trie = new PieceTrie();
    private final PlainWords plainWords = new PlainWords();
    /** The ids of the signs of ASCII that are words of their own and known; {@link PieceTrie#NONE} for other characters. */
    private final int[] alone = new int[128];

    private final int unknown;
    private final Frame frame;

    /** Throws IllegalArgumentException if the vocabulary lacks what BERT needs. */
    WordPieceTokenizer(JsonNode tokenizer) {
        var model = tokenizer.path("model");
        var vocabulary = model.path("vocab");
        Arrays.fill(alone, PieceTrie.NONE);
        vocabulary
                .properties()
                .forEach(entry -> add(entry.getKey(), entry.getValue().asInt()));
        unknown = id(vocabulary, model.path("unk_token").asText("[UNK]"));
        frame = new Frame(new long[] {id(vocabulary, "[CLS]")}, new long[] {id(vocabulary, "[SEP]")});
    }

    @Override
    public Frame frame() {
        return frame;
    }

    @Override
    public boolean endsTokensAtSpaces() {
        return true;
    }

    @Override
    public Tokens tokenize(CharSequence characters) {
        var text = characters.toString();
        var tokens = new Tokens();
        var word = new Word();
        for (var i = 0; i < text.length(); ) {
            var next = word.length == 0 ? plain(text, i, word, tokens) : i;
            i = next > i ? next : character(text, i, word, tokens);
        }
        flush(word, tokens);
        return tokens;
    }

    /**
     * Reads letters and digits of ASCII, which most words are nothing but, or one sign, and gives their end; the beginning if there
     * is something else. What isn't known as a whole is left in {@code word}.
     */
    private int plain(String text, int start, Word word, Tokens tokens) {
        var number = 0L;
        var end = start;
        var digit = PlainWords.END;
        while (end < text.length()) {
            digit = PlainWords.digit(text.charAt(end));
            if (digit <= 0) {
                break;
            }
            number = PlainWords.number(number, digit);
            end++;
        }
        if (end == start) {
            return alone(text, start, tokens);
        }
        var isWord = end - start <= PlainWords.LONGEST && (end == text.length() || digit == PlainWords.END);
        var piece = isWord ? plainWords.find(number) : PieceTrie.NONE;
        if (piece == PieceTrie.NONE) {
            word.append(text, start, end);
        } else {
            tokens.add(piece, start, end);
        }
        return end;
    }

    private int alone(String text, int at, Tokens tokens) {
        var c = text.charAt(at);
        if (c < alone.length && alone[c] != PieceTrie.NONE) {
            tokens.add(alone[c], at, at + 1);
            return at + 1;
        }
        return c == ' ' ? at + 1 : at;
    }

    /** Adds a character to the word, or ends the word at it, and gives its end. */
    private int character(String text, int start, Word word, Tokens tokens) {
        var codePoint = text.codePointAt(start);
        var end = start + Character.charCount(codePoint);
        switch (Characters.of(codePoint)) {
            case DROPPED -> {}
            case SPACE -> flush(word, tokens);
            case ALONE -> {
                flush(word, tokens);
                put(word, codePoint, start, end, tokens);
                flush(word, tokens);
            }
            case WORD -> put(word, codePoint, start, end, tokens);
        }
        return end;
    }

    private void add(String piece, int id) {
        if (piece.startsWith(CONTINUATION_PREFIX) && piece.length() > CONTINUATION_PREFIX.length()) {
            trie.add(PieceTrie.CONTINUATION, piece.substring(CONTINUATION_PREFIX.length()), id);
        } else {
            trie.add(PieceTrie.WORD_START, piece, id);
            plainWords.add(piece, id);
            if (piece.length() == 1 && Characters.isPunctuation(piece.charAt(0)) && piece.charAt(0) < alone.length) {
                alone[piece.charAt(0)] = id;
            }
        }
    }

    /** Accents are stripped first: what is left of a letter may be punctuation, as of the sign of inequality. */
    private void put(Word word, int codePoint, int start, int end, Tokens tokens) {
        if (codePoint < 128) {
            word.append(codePoint, start, end);
            return;
        }
        var decomposed = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD);
        for (var i = 0; i < decomposed.length(); ) {
            var part = decomposed.codePointAt(i);
            i += Character.charCount(part);
            if (Characters.isAccent(part)) {
                continue;
            }
            var isAlone = Characters.isPunctuation(part);
            if (isAlone) {
                flush(word, tokens);
            }
            word.append(part, start, end);
            if (isAlone) {
                flush(word, tokens);
            }
        }
    }

    private void flush(Word word, Tokens tokens) {
        if (word.length > 0) {
            var before = tokens.size();
            if (word.codePoints > LONGEST_WORD || !cut(word, tokens)) {
                tokens.truncate(before);
                tokens.add(unknown, word.starts[0], word.ends[word.length - 1]);
            }
            word.clear();
        }
    }

    /** Whether the whole word is made of known pieces, longest first. */
    private boolean cut(Word word, Tokens tokens) {
        for (var from = 0; from < word.length; ) {
            var state = from == 0 ? PieceTrie.WORD_START : PieceTrie.CONTINUATION;
            var piece = PieceTrie.NONE;
            var to = from;
            for (var i = from; i < word.length; i++) {
                var step = trie.step(state, word.chars[i]);
                if (step == PieceTrie.NOWHERE) {
                    break;
                }
                state = PieceTrie.state(step);
                if (PieceTrie.piece(step) != PieceTrie.NONE) {
                    piece = PieceTrie.piece(step);
                    to = i + 1;
                }
            }
            if (piece == PieceTrie.NONE) {
                return false;
            }
            tokens.add(piece, word.starts[from], word.ends[to - 1]);
            from = to;
        }
        return true;
    }

    private static int id(JsonNode vocabulary, String token) {
        if (!vocabulary.has(token)) {
            throw new IllegalArgumentException("the vocabulary lacks " + token);
        }
        return vocabulary.path(token).asInt();
    }

    /** The normalised characters of one word, each with the range of the text that it comes from. */
    private static final class Word {
        private char[] chars = new char[64];
        private int[] starts = new int[64];
        private int[] ends = new int[64];
        private int length;
        private int codePoints;

        void clear() {
            length = 0;
            codePoints = 0;
        }

        void append(int codePoint, int start, int end) {
            if (codePoint < 128) {
                append(PlainWords.small((char) codePoint), start, end);
                return;
            }
            var lower = Character.toString(codePoint).toLowerCase(Locale.ROOT);
            for (var i = 0; i < lower.length(); i++) {
                append(lower.charAt(i), start, end);
            }
        }

        /** Appends letters and digits of ASCII. */
        void append(String text, int start, int end) {
            makeRoom(end - start);
            for (var i = start; i < end; i++) {
                chars[length] = PlainWords.small(text.charAt(i));
                starts[length] = i;
                ends[length++] = i + 1;
            }
            codePoints += end - start;
        }

        private void append(char c, int start, int end) {
            makeRoom(1);
            chars[length] = c;
            starts[length] = start;
            ends[length++] = end;
            if (!Character.isLowSurrogate(c)) {
                codePoints++;
            }
        }

        private void makeRoom(int more) {
            if (length + more > chars.length) {
                var size = Math.max(2 * chars.length, length + more);
                chars = Arrays.copyOf(chars, size);
                starts = Arrays.copyOf(starts, size);
                ends = Arrays.copyOf(ends, size);
            }
        }
    }
}
