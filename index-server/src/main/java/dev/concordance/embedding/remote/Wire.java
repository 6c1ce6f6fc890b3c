package dev.concordance.embedding.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.ModelException;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RemoteAccess.Protocol;
import dev.concordance.manifest.RemoteModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How texts go to an endpoint and vectors come back: OpenAI's embeddings (platform.openai.com, "Create embeddings") or the
 * {@code /embed} of Hugging Face's Text Embeddings Inference. An answer is believed only if it has one vector of the declared
 * length for each text.
 */
record Wire(RemoteModel model) {
    /** Numbers that are none are one text's misfortune, not the whole answer's. */
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final float[] NONE = {};
    private static final int BYTES_PER_NUMBER = 32;
    private static final int BYTES_PER_TEXT = 1_024;
    private static final int BYTES_AROUND = 65_536;

    /** What is appended to the endpoint's URL. */
    String path() {
        return isTei() ? "/embed" : "/embeddings";
    }

    byte[] request(List<String> texts) {
        var json = ManifestJson.mapper().createObjectNode();
        inputs(json, isTei() ? "inputs" : "input", texts);
        if (isTei()) {
            json.put("normalize", model.normalize()).put("truncate", true);
        } else {
            json.put("model", model.model()).put("encoding_format", "float");
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** More than this is no answer to so many texts. */
    long mostBytes(int texts) {
        return BYTES_AROUND + (long) texts * (BYTES_PER_TEXT + (long) model.dimensions() * BYTES_PER_NUMBER);
    }

    /** Throws an IOException for what can't be understood, which another try may better. */
    Answer read(byte[] body, int texts, long tokensInHeader) throws IOException {
        JsonNode json;
        try {
            json = LENIENT.readTree(body);
        } catch (JsonProcessingException e) {
            // Its message quotes what is read.
            throw new IOException("its answer is not JSON, or breaks off");
        }
        var vectors = isTei() ? json : json.path("data");
        if (!vectors.isArray() || vectors.size() != texts) {
            throw new IOException("it answered %d texts with %d vectors".formatted(texts, vectors.size()));
        }
        return isTei()
                ? new Answer(inOrder(vectors), tokensInHeader)
                : new Answer(
                        byIndex(vectors, texts),
                        json.path("usage").path("total_tokens").asLong(-1));
    }

    private boolean isTei() {
        return model.access().protocol() == Protocol.TEI;
    }

    private static void inputs(ObjectNode json, String field, List<String> texts) {
        var inputs = json.putArray(field);
        texts.forEach(inputs::add);
    }

    private List<float[]> inOrder(JsonNode vectors) {
        var read = new ArrayList<float[]>();
        vectors.forEach(vector -> read.add(floats(vector)));
        return read;
    }

    private List<float[]> byIndex(JsonNode data, int texts) throws IOException {
        var read = new float[texts][];
        var seen = new boolean[texts];
        for (var item : data) {
            var index = item.path("index").asInt(-1);
            if (index < 0 || index >= texts || seen[index]) {
                throw new IOException("its answer has no vector, or two, for one of the texts");
            }
            seen[index] = true;
            read[index] = floats(item.path("embedding"));
        }
        return Arrays.asList(read);
    }

    private float[] floats(JsonNode vector) {
        if (vector.isArray() && vector.size() != model.dimensions()) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model gives %d dimensions, not the declared %d: declare %d, or the model that was meant"
                            .formatted(vector.size(), model.dimensions(), vector.size()));
        }
        var floats = new float[model.dimensions()];
        for (var i = 0; i < floats.length; i++) {
            var value = vector.path(i);
            if (!value.isNumber()) {
                return NONE;
            }
            floats[i] = value.floatValue();
        }
        return floats;
    }
}
