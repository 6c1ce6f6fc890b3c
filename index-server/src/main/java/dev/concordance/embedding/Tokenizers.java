package dev.concordance.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concordance.manifest.FailureReason;
import java.io.IOException;

/** Opens a {@code tokenizer.json}: the most common kind with our own code, any other with the library it is made for. */
final class Tokenizers {
    private Tokenizers() {}

    static Tokenizer open(byte[] json) {
        try {
            var tokenizer = new ObjectMapper().readTree(json);
            return isUncasedBert(tokenizer) ? new WordPieceTokenizer(tokenizer) : LibraryTokenizer.open(json);
        } catch (IOException | RuntimeException e) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the tokenizer is not a tokenizer.json that can be used: " + e.getMessage(),
                    e);
        }
    }

    private static boolean isUncasedBert(JsonNode tokenizer) {
        var model = tokenizer.path("model");
        var normalizer = tokenizer.path("normalizer");
        return "WordPiece".equals(model.path("type").asText())
                && "##".equals(model.path("continuing_subword_prefix").asText())
                && model.path("max_input_chars_per_word").asInt(100) == WordPieceTokenizer.LONGEST_WORD
                && "BertNormalizer".equals(normalizer.path("type").asText())
                && normalizer.path("clean_text").asBoolean()
                && normalizer.path("handle_chinese_chars").asBoolean()
                && normalizer.path("lowercase").asBoolean()
                && normalizer.path("strip_accents").asBoolean(true)
                && "BertPreTokenizer"
                        .equals(tokenizer.path("pre_tokenizer").path("type").asText())
                && hasFrameOfBert(tokenizer.path("post_processor"));
    }

    private static boolean hasFrameOfBert(JsonNode processor) {
        var single = processor.path("single");
        return "BertProcessing".equals(processor.path("type").asText())
                || single.size() == 3
                        && "[CLS]"
                                .equals(single.path(0)
                                        .path("SpecialToken")
                                        .path("id")
                                        .asText())
                        && single.path(1).has("Sequence")
                        && "[SEP]"
                                .equals(single.path(2)
                                        .path("SpecialToken")
                                        .path("id")
                                        .asText());
    }
}
