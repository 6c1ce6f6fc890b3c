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
    /** Few texts have more tokens. */
    private static final int CHARACTERS_A_TOKEN = 3;

    private static final int SPACE = -2;

    private final PlainWords plainWords = new PlainWords();
    private final PieceTrie trie;
    /** Where pieces that go on in a word start. */
    private final int continuation;
    /** The ids of the signs of ASCII that are words of their own and known, {@link #SPACE}, or {@link PieceTrie#NONE} for others. */
    private final int[] alone = new int[128];

    private final int unknown;
    private final Frame frame;

    /** Throws IllegalArgumentException if the vocabulary lacks what BERT needs. */
    WordPieceTokenizer(JsonNode tokenizer) {
        var model = tokenizer.path("model");
        var vocabulary = model.path("vocab");
        var pieces = new PieceTrie.Builder();
        vocabulary.properties().forEach(entry -> {
            pieces.add(entry.getKey(), entry.getValue().asInt());
            plainWords.add(entry.getKey(), entry.getValue().asInt());
        });
        trie = pieces.build();
        continuation = stateAfter(CONTINUATION_PREFIX);
        for (char c = 0; c < alone.length; c++) {
            alone[c] = switch (Characters.of(c)) {
                case ALONE -> PieceTrie.piece(trie.step(trie.start(), c));
                case SPACE -> SPACE;
                case DROPPED, WORD -> PieceTrie.NONE;
            };
        }
        unknown = id(vocabulary, model.path("unk_token").asText("[UNK]"));
        frame = new Frame(new long[] {id(vocabulary, "[CLS]")}, new long[] {id(vocabulary, "[SEP]")});
    }

    private int stateAfter(String prefix) {
        var state = trie.start();
        for (var i = 0; i < prefix.length(); i++) {
            state = PieceTrie.state(trie.step(state, prefix.charAt(i)));
        }
        return state;
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
        var tokens = new Tokens(text.length() / CHARACTERS_A_TOKEN);
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
     * is something else. Of a word that goes on with other characters they are left in {@code word}.
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
        var isWhole = end == text.length() || digit == PlainWords.END;
        var piece = isWhole && end - start <= PlainWords.LONGEST ? plainWords.find(number) : PieceTrie.NONE;
        if (piece != PieceTrie.NONE) {
            tokens.add(piece, start, end);
            return end;
        }
        word.become(text, start, end);
        if (isWhole) {
            flush(word, tokens);
        }
        return end;
    }

    private int alone(String text, int at, Tokens tokens) {
        var c = text.charAt(at);
        var id = c < alone.length ? alone[c] : PieceTrie.NONE;
        if (id >= 0) {
            tokens.add(id, at, at + 1);
        }
        return id == PieceTrie.NONE ? at : at + 1;
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
                tokens.add(unknown, word.start(0), word.end(word.length - 1));
            }
            word.clear();
        }
    }

    /** Whether the whole word is made of known pieces, longest first. */
    private boolean cut(Word word, Tokens tokens) {
        for (var from = 0; from < word.length; ) {
            var state = from == 0 ? trie.start() : continuation;
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
            tokens.add(piece, word.start(from), word.end(to - 1));
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
        private int length;
        private int codePoints;
        /** Where the word begins, as long as each character is one of the text. */
        private int first;

        private boolean isAsInText = true;
        private int[] starts = new int[64];
        private int[] ends = new int[64];

        void clear() {
            length = 0;
            codePoints = 0;
            isAsInText = true;
        }

        int start(int character) {
            return isAsInText ? first + character : starts[character];
        }

        int end(int character) {
            return isAsInText ? first + character + 1 : ends[character];
        }

        /** Becomes letters and digits of ASCII. */
        void become(String text, int start, int end) {
            makeRoom(end - start);
            for (var i = start; i < end; i++) {
                chars[i - start] = PlainWords.small(text.charAt(i));
            }
            first = start;
            length = end - start;
            codePoints = length;
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

        private void append(char c, int start, int end) {
            if (isAsInText) {
                for (var i = 0; i < length; i++) {
                    starts[i] = first + i;
                    ends[i] = first + i + 1;
                }
                isAsInText = false;
            }
            makeRoom(length + 1);
            chars[length] = c;
            starts[length] = start;
            ends[length++] = end;
            if (!Character.isLowSurrogate(c)) {
                codePoints++;
            }
        }

        private void makeRoom(int characters) {
            if (characters > chars.length) {
                var size = Math.max(2 * chars.length, characters);
                chars = Arrays.copyOf(chars, size);
                starts = Arrays.copyOf(starts, size);
                ends = Arrays.copyOf(ends, size);
            }
        }
    }
}
