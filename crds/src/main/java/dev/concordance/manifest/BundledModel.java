package dev.concordance.manifest;

import java.util.Arrays;
import java.util.Optional;

/**
 * The embedding models that the index server's image holds. Their digests are known here, so that the operator can decide
 * about generations without loading a model.
 */
public enum BundledModel {
    /** BAAI/bge-small-en-v1.5, weights quantised to 8 bits (MIT licence); the one that holds where none is named. */
    BGE_SMALL_EN_V1_5_Q(
            "bge-small-en-v1.5-q",
            "6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4",
            "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
            Pooling.CLS,
            "Represent this sentence for searching relevant passages: "),

    /** sentence-transformers/all-MiniLM-L6-v2, weights quantised to 8 bits (Apache-2.0 licence). */
    ALL_MINILM_L6_V2_Q(
            "all-minilm-l6-v2-q",
            "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
            "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
            Pooling.MEAN,
            "");

    private static final int DIMENSIONS = 384;
    private static final int MAX_TOKENS = 512;

    private final String modelName;
    private final OnnxModel manifest;

    BundledModel(String modelName, String modelSha256, String tokenizerSha256, Pooling pooling, String queryPrefix) {
        this.modelName = modelName;
        this.manifest = new OnnxModel(
                new ModelFile.Bundled(modelName + ".onnx", modelSha256),
                new ModelFile.Bundled(modelName + "-tokenizer.json", tokenizerSha256),
                DIMENSIONS,
                MAX_TOKENS,
                pooling,
                true,
                queryPrefix,
                "",
                null);
    }

    /** The name by which an EmbeddingModel asks for it. */
    public String modelName() {
        return modelName;
    }

    /** All that determines its vectors; its files are class path resources of the index server. */
    public OnnxModel manifest() {
        return manifest;
    }

    /**
     * By what a tokenizer counts tokens: two of the same counting cut every text alike, whatever else their files say. The bundled
     * models have the vocabulary and the normalisation of BERT without case.
     */
    public static String counting(ModelFile tokenizer) {
        return Arrays.stream(values())
                        .anyMatch(model -> model.manifest.tokenizer().sha256().equals(tokenizer.sha256()))
                ? "bert-base-uncased"
                : tokenizer.sha256();
    }

    /** The model with this file, whatever it is used as. */
    public static Optional<BundledModel> of(ModelFile file) {
        return Arrays.stream(values())
                .filter(model -> model.manifest.model().sha256().equals(file.sha256()))
                .findFirst();
    }

    /** The model of this name. */
    public static Optional<BundledModel> named(String name) {
        return Arrays.stream(values())
                .filter(model -> model.modelName.equals(name))
                .findFirst();
    }
}
