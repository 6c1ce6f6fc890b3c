package dev.concordance.embedding;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Hugging Face's tokenizers: every kind of tokenizer, at a twentieth of the speed of our own. */
final class LibraryTokenizer implements Tokenizer {
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

    static {
        // It tells its maker's server of its use otherwise, and looks for a GPU and for files to download.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        if (System.getProperty("DJL_CACHE_DIR") == null) {
            System.setProperty("DJL_CACHE_DIR", System.getProperty("java.io.tmpdir"));
        }
    }

    private final HuggingFaceTokenizer tokenizer;
    private final Frame frame;

    private LibraryTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.frame = frame(tokenizer);
    }

    static LibraryTokenizer open(byte[] json) throws IOException {
        return new LibraryTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS));
    }

    @Override
    public Tokens tokenize(CharSequence text) {
        var string = wellFormed(text.toString());
        var encoding = tokenizer.encode(string, false, false);
        var ids = encoding.getIds();
        var spans = encoding.getCharTokenSpans();
        var tokens = new Tokens(ids.length);
        var units = new Units(string);
        var end = 0;
        for (var i = 0; i < ids.length; i++) {
            // A token that stands for no character, such as a mark of the beginning, is where the one before it ended.
            var start = spans[i] == null ? end : units.at(spans[i].getStart());
            end = spans[i] == null ? end : units.at(spans[i].getEnd());
            tokens.add((int) ids[i], start, end);
        }
        return tokens;
    }

    @Override
    public Frame frame() {
        return frame;
    }

    private static Frame frame(HuggingFaceTokenizer tokenizer) {
        var bare = tokenizer.encode("a", false, false).getIds();
        Encoding framed = tokenizer.encode("a", true, false);
        var ids = framed.getIds();
        for (var from = 0; from + bare.length <= ids.length; from++) {
            if (Arrays.equals(bare, Arrays.copyOfRange(ids, from, from + bare.length))) {
                return new Frame(Arrays.copyOf(ids, from), Arrays.copyOfRange(ids, from + bare.length, ids.length));
            }
        }
        throw new IllegalArgumentException("its special tokens are not around the text");
    }

    /** Half a character outside of the basic plane is none, and the library refuses it. */
    private static String wellFormed(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                var replaced = new StringBuilder(text.length());
                text.codePoints()
                        .forEach(c ->
                                replaced.appendCodePoint(Character.getType(c) == Character.SURROGATE ? 0xFFFD : c));
                return replaced.toString();
            }
        }
        return text;
    }

    /** Turns offsets in code points into UTF-16 units; cheap for offsets that rise by little. */
    private static final class Units {
        private final String text;
        private int codePoint;
        private int unit;

        Units(String text) {
            this.text = text;
        }

        int at(int offset) {
            unit = text.offsetByCodePoints(unit, offset - codePoint);
            codePoint = offset;
            return unit;
        }
    }
}
