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
    private final int unknown;
    private final Frame frame;

    /** Throws IllegalArgumentException if the vocabulary lacks what BERT needs. */
    WordPieceTokenizer(JsonNode tokenizer) {
        var model = tokenizer.path("model");
        var vocabulary = model.path("vocab");
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
    public Tokens tokenize(CharSequence text) {
        var tokens = new Tokens();
        var word = new Word();
        for (var i = 0; i < text.length(); ) {
            var codePoint = Character.codePointAt(text, i);
            var end = i + Character.charCount(codePoint);
            switch (Characters.of(codePoint)) {
                case DROPPED -> {}
                case SPACE -> flush(word, tokens);
                case ALONE -> {
                    flush(word, tokens);
                    put(word, codePoint, i, end, tokens);
                    flush(word, tokens);
                }
                case WORD -> put(word, codePoint, i, end, tokens);
            }
            i = end;
        }
        flush(word, tokens);
        return tokens;
    }

    private void add(String piece, int id) {
        if (piece.startsWith(CONTINUATION_PREFIX) && piece.length() > CONTINUATION_PREFIX.length()) {
            trie.add(PieceTrie.CONTINUATION, piece.substring(CONTINUATION_PREFIX.length()), id);
        } else {
            trie.add(PieceTrie.WORD_START, piece, id);
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
                state = trie.child(state, word.chars[i]);
                if (state == PieceTrie.NONE) {
                    break;
                }
                if (trie.piece(state) != PieceTrie.NONE) {
                    piece = trie.piece(state);
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
                append((char) Character.toLowerCase(codePoint), start, end);
                return;
            }
            var lower = Character.toString(codePoint).toLowerCase(Locale.ROOT);
            for (var i = 0; i < lower.length(); i++) {
                append(lower.charAt(i), start, end);
            }
        }

        private void append(char c, int start, int end) {
            if (length == chars.length) {
                chars = Arrays.copyOf(chars, 2 * length);
                starts = Arrays.copyOf(starts, 2 * length);
                ends = Arrays.copyOf(ends, 2 * length);
            }
            chars[length] = c;
            starts[length] = start;
            ends[length++] = end;
            if (!Character.isLowSurrogate(c)) {
                codePoints++;
            }
        }
    }
}
