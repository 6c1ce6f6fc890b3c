package dev.concordance.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.Pooling;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A transformer encoder in ONNX Runtime on the CPU. One text a run: a batch would pad, and a quantised model scales its
 * activations over the batch, so that a text's vector would depend on its neighbours.
 */
public final class OnnxEmbedder implements Embedder {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final String OUTPUT = "last_hidden_state";
    private static final Set<String> INPUTS = Set.of(IDS, MASK, TYPES);
    private static final String PROBE = "probe";
    private static final int LEAST_CAPACITY = 128;

    private final OrtEnvironment environment = OnnxRuntime.environment();
    private final OnnxModel manifest;
    private final Tokenizer tokenizer;
    private final OrtSession session;
    private final boolean takesTypes;
    private final ConcurrentLinkedDeque<Scratch> idle = new ConcurrentLinkedDeque<>();

    private OnnxEmbedder(OnnxModel manifest, Tokenizer tokenizer, OrtSession session) {
        this.manifest = manifest;
        this.tokenizer = tokenizer;
        this.session = session;
        this.takesTypes = session.getInputNames().contains(TYPES);
    }

    /** Loads the model that the manifest names; throws {@link ModelException}. */
    public static OnnxEmbedder open(OnnxModel manifest, ModelFiles files) {
        var tokenizer = Tokenizers.open(files.copy(manifest.tokenizer()));
        // The runtime makes its own copy of the file.
        try (var arena = Arena.ofConfined();
                var options = new OrtSession.SessionOptions()) {
            var model = files.read(manifest.model(), arena);
            // Parallelism comes from callers, and the arena would keep the memory of the longest text ever seen.
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setCPUArenaAllocator(false);
            return checked(new OnnxEmbedder(
                    manifest, tokenizer, OnnxRuntime.environment().createSession(model, options)));
        } catch (OrtException e) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model file isn't an ONNX model that ONNX Runtime loads: " + e.getMessage(),
                    e);
        }
    }

    /** Whatever is wrong with a model is told before the first document, not by it. */
    private static OnnxEmbedder checked(OnnxEmbedder embedder) throws OrtException {
        try {
            embedder.check();
            var unused = embedder.embed(Role.PASSAGE, PROBE);
            return embedder;
        } catch (RefusedText e) {
            embedder.close();
            throw new ModelException(FailureReason.ModelInvalid, String.valueOf(e.getMessage()), e);
        } catch (ModelException | OrtException e) {
            embedder.close();
            throw e;
        }
    }

    @Override
    public float[] embed(Role role, String text) {
        var prefix = role == Role.QUERY ? manifest.queryPrefix() : manifest.passagePrefix();
        var tokens = tokenizer.tokenize(prefix.isEmpty() ? text : prefix + text);
        try {
            return UsableVector.of(run(tokens), manifest.normalize());
        } catch (OrtException e) {
            throw new RefusedText("the model failed on a text: " + e.getMessage());
        }
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public OnnxModel manifest() {
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

    private void check() throws OrtException {
        var inputs = session.getInputNames();
        if (!inputs.contains(IDS) || !inputs.contains(MASK) || !INPUTS.containsAll(inputs)) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model has the inputs %s, and needs %s and %s, and none but %s beside them: export it as a text encoder"
                            .formatted(inputs, IDS, MASK, TYPES));
        }
        var output = session.getOutputInfo().get(OUTPUT);
        if (output == null || !(output.getInfo() instanceof TensorInfo info)) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model needs an output %s, and has %s".formatted(OUTPUT, session.getOutputNames()));
        }
        var shape = info.getShape();
        var width = shape[shape.length - 1];
        if (shape.length != 3) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model's output %s has %d axes, not the three of text, token and dimension"
                            .formatted(OUTPUT, shape.length));
        }
        if (width > 0 && width != manifest.dimensions()) {
            throw new ModelException(
                    FailureReason.ModelInvalid,
                    "the model gives %d dimensions, not the declared %d: declare %d"
                            .formatted(width, manifest.dimensions(), width));
        }
    }

    private float[] run(Tokens tokens) throws OrtException {
        var frame = tokenizer.frame();
        var length = Math.min(tokens.size(), manifest.maxTokens() - frame.size()) + frame.size();
        var scratch = scratch(length);
        scratch.fill(tokens, frame, length);
        var shape = new long[] {1, length};
        var inputs = new HashMap<String, OnnxTensor>();
        try (var idTensor = OnnxTensor.createTensor(environment, scratch.ids(), shape);
                var maskTensor = OnnxTensor.createTensor(environment, scratch.mask(), shape);
                var typeTensor = OnnxTensor.createTensor(environment, scratch.types(), shape);
                var outputTensor = OnnxTensor.createTensor(
                        environment, scratch.output(), new long[] {1, length, manifest.dimensions()})) {
            inputs.put(IDS, idTensor);
            inputs.put(MASK, maskTensor);
            if (takesTypes) {
                inputs.put(TYPES, typeTensor);
            }
            session.run(inputs, Map.of(OUTPUT, outputTensor)).close();
        }
        var vector = pooled(scratch.output(), length);
        idle.push(scratch);
        return vector;
    }

    /** Memory outside of the heap is freed late, so it is used again: as much of it as there are callers at a time. */
    private Scratch scratch(int length) {
        var scratch = idle.poll();
        return scratch != null && scratch.capacity() >= length
                ? scratch
                : Scratch.of(Math.max(length, LEAST_CAPACITY), manifest.dimensions());
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

    /** Inputs and output of one run; the model writes its output where it will be read. */
    private record Scratch(LongBuffer ids, LongBuffer mask, LongBuffer types, FloatBuffer output, int dimensions) {
        static Scratch of(int capacity, int dimensions) {
            return new Scratch(
                    longs(capacity), longs(capacity), longs(capacity), floats(capacity * dimensions), dimensions);
        }

        int capacity() {
            return ids.capacity();
        }

        void fill(Tokens tokens, Tokenizer.Frame frame, int length) {
            ids.clear().put(frame.before());
            for (var i = 0; i < length - frame.size(); i++) {
                ids.put(tokens.id(i));
            }
            ids.put(frame.after()).flip();
            mask.clear().limit(length);
            for (var i = 0; i < length; i++) {
                mask.put(i, 1);
            }
            types.clear().limit(length);
            output.clear().limit(length * dimensions);
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
}
