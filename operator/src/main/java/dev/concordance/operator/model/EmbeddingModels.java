package dev.concordance.operator.model;

import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.EmbeddingModelSpec;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.Pooling;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses EmbeddingModels. */
public final class EmbeddingModels {
    private static final int MAX_TOKENS = 512;
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private EmbeddingModels() {}

    /** What holds where a corpus names no model. */
    public static DeclaredModel builtIn() {
        return new DeclaredModel(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest());
    }

    /** The strict form of a model; throws {@link InvalidSpec}. */
    public static DeclaredModel parse(EmbeddingModel model) {
        var spec = model.getSpec();
        if (spec == null || (spec.bundled() == null) == (spec.onnx() == null)) {
            throw new InvalidSpec("spec: set exactly one of bundled and onnx");
        }
        var bundled = spec.bundled();
        return new DeclaredModel(bundled != null ? bundled(bundled) : onnx(spec.onnx()));
    }

    private static EmbeddingModelManifest bundled(EmbeddingModelSpec.Bundled bundled) {
        var name = Defaults.required(bundled.name(), "spec.bundled.name");
        return BundledModel.named(name)
                .orElseThrow(() -> new InvalidSpec("spec.bundled.name: \"" + name + "\" is not bundled; name one of "
                        + Arrays.stream(BundledModel.values())
                                .map(BundledModel::modelName)
                                .collect(Collectors.joining(", "))))
                .manifest();
    }

    private static EmbeddingModelManifest onnx(EmbeddingModelSpec.@Nullable Onnx declared) {
        var onnx = Defaults.required(declared, "spec.onnx");
        var prefixes = onnx.prefixes();
        return new EmbeddingModelManifest(
                file(onnx.model(), "spec.onnx.model"),
                file(onnx.tokenizer(), "spec.onnx.tokenizer"),
                Defaults.required(onnx.dimensions(), "spec.onnx.dimensions"),
                Defaults.or(onnx.maxTokens(), MAX_TOKENS),
                pooling(onnx.pooling()),
                Defaults.or(onnx.normalize(), true),
                prefixes == null ? "" : Defaults.or(prefixes.query(), ""),
                prefixes == null ? "" : Defaults.or(prefixes.passage(), ""));
    }

    private static ModelFile file(EmbeddingModelSpec.@Nullable ModelFile declared, String field) {
        var file = Defaults.required(declared, field);
        var sha256 = Defaults.required(file.sha256(), field + ".sha256");
        if (!SHA_256.matcher(sha256).matches()) {
            throw new InvalidSpec(
                    field + ".sha256 is not 64 lower-case hexadecimal digits; write what sha256sum prints");
        }
        var volume = file.volume();
        if (volume != null && file.url() == null) {
            var claim = Defaults.required(volume.claimName(), field + ".volume.claimName");
            return new ModelFile.Mounted(DeclaredModel.mount(claim), path(volume.path(), field), sha256);
        }
        if (volume == null && file.url() != null) {
            return new ModelFile.Downloaded(file.url(), sha256);
        }
        throw new InvalidSpec(field + ": set exactly one of volume and url");
    }

    private static String path(@Nullable String declared, String field) {
        var path = Defaults.required(declared, field + ".volume.path");
        if (path.startsWith("/") || Arrays.asList(path.split("/", -1)).contains("..")) {
            throw new InvalidSpec(
                    field + ".volume.path: \"" + path + "\" leaves the volume; write a path below its root");
        }
        return path;
    }

    private static Pooling pooling(@Nullable String declared) {
        return switch (Defaults.or(declared, "mean")) {
            case "mean" -> Pooling.MEAN;
            case "cls" -> Pooling.CLS;
            default -> throw new InvalidSpec("spec.onnx.pooling: \"" + declared + "\" is not known; write mean or cls");
        };
    }
}
