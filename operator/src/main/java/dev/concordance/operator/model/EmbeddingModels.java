package dev.concordance.operator.model;

import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.EmbeddingModelSpec;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.Pooling;
import dev.concordance.operator.kube.Authority;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses EmbeddingModels. */
public final class EmbeddingModels {
    static final int MAX_TOKENS = 512;
    private static final int UNUSED_MONTHS = 3;
    private static final int MAX_VECTORS = 1_000_000;
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private EmbeddingModels() {}

    /** What holds where a corpus names no model. */
    public static DeclaredModel builtIn() {
        return new DeclaredModel(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), Optional.empty());
    }

    /** The strict form of a model; throws {@link InvalidSpec}. */
    public static DeclaredModel parse(EmbeddingModel model) {
        var spec = Defaults.required(model.getSpec(), "spec");
        var declared = Stream.of(spec.bundled(), spec.onnx(), spec.remote())
                .filter(Objects::nonNull)
                .count();
        if (declared != 1) {
            throw new InvalidSpec("spec: set exactly one of bundled, onnx and remote");
        }
        var remote = spec.remote();
        if (remote != null) {
            var name = model.getMetadata().getName();
            var namespace = model.getMetadata().getNamespace();
            return new DeclaredModel(
                    RemoteModels.parse(name, remote, cache(spec.cache(), true)),
                    Authority.of(namespace, remote.caConfigMapRef()));
        }
        var bundled = spec.bundled();
        var cache = cache(spec.cache(), false);
        return new DeclaredModel(
                bundled != null ? bundled(bundled, cache) : onnx(spec.onnx(), cache), Optional.empty());
    }

    /** @param otherwise whether vectors are kept where nothing is said about it */
    private static @Nullable EmbeddingCache cache(EmbeddingModelSpec.@Nullable Cache declared, boolean otherwise) {
        if (declared == null) {
            return otherwise ? new EmbeddingCache(UNUSED_MONTHS, MAX_VECTORS) : null;
        }
        return Defaults.or(declared.enabled(), true)
                ? new EmbeddingCache(
                        Defaults.or(declared.unusedMonths(), UNUSED_MONTHS),
                        Defaults.or(declared.maxVectors(), MAX_VECTORS))
                : null;
    }

    private static OnnxModel bundled(EmbeddingModelSpec.Bundled bundled, @Nullable EmbeddingCache cache) {
        var name = Defaults.required(bundled.name(), "spec.bundled.name");
        return BundledModel.named(name)
                .orElseThrow(() -> new InvalidSpec("spec.bundled.name: \"" + name + "\" is not bundled; name one of "
                        + Arrays.stream(BundledModel.values())
                                .map(BundledModel::modelName)
                                .collect(Collectors.joining(", "))))
                .manifest()
                .with(cache);
    }

    private static OnnxModel onnx(EmbeddingModelSpec.@Nullable Onnx declared, @Nullable EmbeddingCache cache) {
        var onnx = Defaults.required(declared, "spec.onnx");
        var prefixes = onnx.prefixes();
        return new OnnxModel(
                file(onnx.model(), "spec.onnx.model"),
                file(onnx.tokenizer(), "spec.onnx.tokenizer"),
                Defaults.required(onnx.dimensions(), "spec.onnx.dimensions"),
                Defaults.or(onnx.maxTokens(), MAX_TOKENS),
                pooling(onnx.pooling()),
                Defaults.or(onnx.normalize(), true),
                prefixes == null ? "" : Defaults.or(prefixes.query(), ""),
                prefixes == null ? "" : Defaults.or(prefixes.passage(), ""),
                cache);
    }

    static ModelFile file(EmbeddingModelSpec.@Nullable ModelFile declared, String field) {
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
