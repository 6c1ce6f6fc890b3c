package dev.concordance.embedding;

import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tokenizers of the kinds that the bundled models don't have, opened as a declared model's are. */
public final class OtherTokenizers {
    private static final int BYTES = 256;

    private OtherTokenizers() {}

    /** The bundled model's, opened with the library. */
    public static Tokenizer library() {
        try {
            var file = BundledModel.ALL_MINILM_L6_V2_Q.manifest().tokenizer();
            return LibraryTokenizer.open(ModelFiles.bundledOnly().copy(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Unigrams as of SentencePiece, with a mark before each word and one before each text. */
    public static Tokenizer unigram() {
        var vocabulary = new ArrayList<List<Object>>();
        vocabulary.add(List.of("<unk>", 0));
        for (var c = '!'; c <= '~'; c++) {
            vocabulary.add(List.of(String.valueOf(c), -8));
        }
        vocabulary.add(List.of("▁", -6));
        for (var piece : List.of("▁the", "▁a", "▁of", "ing", "tion", "er", "▁corp", "us", "re", "▁sent", "ence")) {
            vocabulary.add(List.of(piece, -4));
        }
        return open(Map.of(
                "version",
                "1.0",
                "added_tokens",
                List.of(),
                "pre_tokenizer",
                Map.of("type", "Metaspace", "replacement", "▁", "add_prefix_space", true, "prepend_scheme", "always"),
                "model",
                Map.of("type", "Unigram", "unk_id", 0, "vocab", vocabulary)));
    }

    /** Pairs of bytes as of GPT-2 and RoBERTa, of which a few are merged. */
    public static Tokenizer bytes() {
        var vocabulary = new LinkedHashMap<String, Integer>();
        for (var b = 0; b < BYTES; b++) {
            vocabulary.put(String.valueOf(shown(b)), b);
        }
        var merges = List.of("t h", "th e", "Ġ the", "i n", "in g", "e r", "Ġ a", "o n", "r e", "Ġ w", "Ċ Ċ");
        merges.forEach(merge -> vocabulary.put(merge.replace(" ", ""), vocabulary.size()));
        return open(Map.of(
                "version",
                "1.0",
                "added_tokens",
                List.of(),
                "pre_tokenizer",
                Map.of("type", "ByteLevel", "add_prefix_space", true, "trim_offsets", true, "use_regex", true),
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", merges)));
    }

    /** Bytes that are no characters to be seen stand for themselves as others are. */
    private static char shown(int wanted) {
        var next = BYTES;
        for (var b = 0; b < BYTES; b++) {
            var isSeen = b >= '!' && b <= '~' || b >= '¡' && b <= '¬' || b >= '®';
            if (b == wanted) {
                return (char) (isSeen ? b : next);
            }
            next += isSeen ? 0 : 1;
        }
        throw new IllegalArgumentException("no byte");
    }

    private static Tokenizer open(Map<String, Object> tokenizer) {
        try {
            return Tokenizers.open(
                    ManifestJson.mapper().writeValueAsString(tokenizer).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
