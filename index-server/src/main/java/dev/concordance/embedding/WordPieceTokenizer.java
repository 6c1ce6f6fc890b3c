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
    private static final int LONGEST_WORD = 100;

    private final PieceTrie trie = new PieceTrie();
    private final int unknown;
    private final int first;
    private final int last;

    /** Throws IllegalArgumentException if the {@code tokenizer.json} isn't that of an uncased BERT model. */
    WordPieceTokenizer(JsonNode tokenizer) {
        var model = tokenizer.path("model");
        var normalizer = tokenizer.path("normalizer");
        require("WordPiece".equals(model.path("type").asText("WordPiece")), "model.type isn't WordPiece");
        require(normalizer.path("lowercase").asBoolean(true), "a cased normalizer isn't supported");
        require(
                CONTINUATION_PREFIX.equals(
                        model.path("continuing_subword_prefix").asText(CONTINUATION_PREFIX)),
                "the prefix of continuing pieces isn't ##");
        var vocabulary = model.path("vocab");
        vocabulary
                .properties()
                .forEach(entry -> add(entry.getKey(), entry.getValue().asInt()));
        unknown = id(vocabulary, model.path("unk_token").asText("[UNK]"));
        first = id(vocabulary, "[CLS]");
        last = id(vocabulary, "[SEP]");
    }

    /** The id that comes before a text's tokens. */
    int first() {
        return first;
    }

    /** The id that comes after a text's tokens. */
    int last() {
        return last;
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
                    word.put(codePoint, i, end);
                    flush(word, tokens);
                }
                case WORD -> word.put(codePoint, i, end);
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
        require(vocabulary.has(token), "the vocabulary lacks " + token);
        return vocabulary.path(token).asInt();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("tokenizer.json: " + otherwise);
        }
    }

    /** The normalised characters of one word, each with the range of the text that it comes from. */
    private static final class Word {
        private char[] chars = new char[64];
        private int[] starts = new int[64];
        private int[] ends = new int[64];
        private int length;
        private int codePoints;

        void put(int codePoint, int start, int end) {
            if (codePoint < 128) {
                append((char) Character.toLowerCase(codePoint), start, end);
                return;
            }
            var decomposed = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFD);
            decomposed
                    .codePoints()
                    .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                    .forEach(c -> appendLowerCase(c, start, end));
        }

        void clear() {
            length = 0;
            codePoints = 0;
        }

        private void appendLowerCase(int codePoint, int start, int end) {
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
