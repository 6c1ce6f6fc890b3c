package dev.concordance.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Pooling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A transformer encoder in ONNX Runtime on the CPU. One text a run: a batch would pad, and a quantised model scales its
 * activations over the batch, so that a text's vector would depend on its neighbours.
 */
public final class OnnxEmbedder implements Embedder {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final String OUTPUT = "last_hidden_state";
    private static final int SPECIAL_TOKENS = 2;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final EmbeddingModelManifest manifest;
    private final WordPieceTokenizer tokenizer;
    private final OrtSession session;
    private final boolean takesTypes;

    private OnnxEmbedder(EmbeddingModelManifest manifest, WordPieceTokenizer tokenizer, OrtSession session)
            throws OrtException {
        this.manifest = manifest;
        this.tokenizer = tokenizer;
        this.session = session;
        this.takesTypes = session.getInputNames().contains(TYPES);
        check();
    }

    /** Loads the model that the manifest names; throws {@link ModelException}. */
    public static OnnxEmbedder open(EmbeddingModelManifest manifest, ModelFiles files) {
        var model = files.read(manifest.model());
        var tokenizer = tokenizer(files.read(manifest.tokenizer()));
        try (var options = new OrtSession.SessionOptions()) {
            // Parallelism comes from callers, and the arena would keep the memory of the longest text ever seen.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setCPUArenaAllocator(false);
            var bytes = ByteBuffer.allocateDirect(model.length).put(model).flip();
            return new OnnxEmbedder(
                    manifest, tokenizer, OrtEnvironment.getEnvironment().createSession(bytes, options));
        } catch (OrtException e) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model file isn't an ONNX model that ONNX Runtime loads: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public float[] embed(Role role, String text) {
        var prefix = role == Role.QUERY ? manifest.queryPrefix() : manifest.passagePrefix();
        var tokens = tokenizer.tokenize(prefix.isEmpty() ? text : prefix + text);
        try {
            return normalised(run(tokens));
        } catch (OrtException e) {
            throw new ModelException(FailureReason.ModelInvalid, "the model failed on a text: " + e.getMessage(), e);
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public EmbeddingModelManifest manifest() {
        return manifest;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("closing a model", e);
        }
    }

    private static WordPieceTokenizer tokenizer(byte[] json) {
        try {
            return new WordPieceTokenizer(new ObjectMapper().readTree(json));
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelException(FailureReason.ModelInvalid, "the tokenizer can't be used: " + e.getMessage(), e);
        }
    }

    private void check() throws OrtException {
        var inputs = session.getInputNames();
        if (!inputs.contains(IDS) || !inputs.contains(MASK)) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model needs inputs %s and %s, and has %s: export it as a sentence encoder"
                            .formatted(IDS, MASK, inputs));
        }
        var output = session.getOutputInfo().get(OUTPUT);
        if (output == null || !(output.getInfo() instanceof TensorInfo info)) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model needs an output %s, and has %s".formatted(OUTPUT, session.getOutputNames()));
        }
        var width = info.getShape()[info.getShape().length - 1];
        if (width != manifest.dimensions()) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model gives %d dimensions, not the declared %d: declare %d"
                            .formatted(width, manifest.dimensions(), width));
        }
    }

    private float[] run(Tokens tokens) throws OrtException {
        var length = Math.min(tokens.size(), manifest.maxTokens() - SPECIAL_TOKENS) + SPECIAL_TOKENS;
        var ids = longs(length);
        var mask = longs(length);
        for (var i = 0; i < length; i++) {
            ids.put(i, i == 0 ? tokenizer.first() : i == length - 1 ? tokenizer.last() : tokens.id(i - 1));
            mask.put(i, 1);
        }
        var shape = new long[] {1, length};
        var output = floats(length * manifest.dimensions());
        var inputs = new HashMap<String, OnnxTensor>();
        try (var idTensor = OnnxTensor.createTensor(environment, ids, shape);
                var maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                var typeTensor = OnnxTensor.createTensor(environment, longs(length), shape);
                var outputTensor =
                        OnnxTensor.createTensor(environment, output, new long[] {1, length, manifest.dimensions()})) {
            inputs.put(IDS, idTensor);
            inputs.put(MASK, maskTensor);
            if (takesTypes) {
                inputs.put(TYPES, typeTensor);
            }
            session.run(inputs, Map.of(OUTPUT, outputTensor)).close();
        }
        return pooled(output, length);
    }

    private float[] pooled(FloatBuffer tokenVectors, int length) {
        var dimensions = manifest.dimensions();
        var vector = new float[dimensions];
        var row = new float[dimensions];
        var rows = manifest.pooling() == Pooling.CLS ? 1 : length;
        for (var token = 0; token < rows; token++) {
            tokenVectors.get(token * dimensions, row);
            for (var i = 0; i < dimensions; i++) {
                vector[i] += row[i] / rows;
            }
        }
        return vector;
    }

    private float[] normalised(float[] vector) {
        if (!manifest.normalize()) {
            return vector;
        }
        var squares = 0.0;
        for (var x : vector) {
            squares += (double) x * x;
        }
        var scale = (float) (1 / Math.sqrt(squares));
        for (var i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    private static LongBuffer longs(int count) {
        return ByteBuffer.allocateDirect(Long.BYTES * count)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(Float.BYTES * count)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
