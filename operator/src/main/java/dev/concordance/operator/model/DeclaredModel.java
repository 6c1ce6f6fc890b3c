package dev.concordance.operator.model;

import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.operator.kube.Authority;
import dev.concordance.operator.kube.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an EmbeddingModel declares, checked and with its defaults.
 *
 * @param authority whose certificates a remote model's endpoint has; they are not in the manifest yet
 */
public record DeclaredModel(EmbeddingModelManifest manifest, Optional<Authority> authority) {
    private static final String CLAIM = "model-";
    private static final String SECRET = "embedding-";

    /** All objects that it refers to. */
    public List<Reference> references(String namespace) {
        var references = new ArrayList<Reference>();
        claims(manifest).forEach(claim -> references.add(Reference.claim(namespace, claim)));
        secret(manifest).ifPresent(secret -> references.add(Reference.secret(namespace, secret)));
        authority.ifPresent(from -> references.add(from.configMap()));
        return references;
    }

    /** The manifest with the certificates that were looked up. */
    public EmbeddingModelManifest trusting(@Nullable String certificates) {
        return switch (manifest) {
            case OnnxModel onnx -> onnx;
            case RemoteModel remote -> remote.with(remote.access().trusting(certificates));
        };
    }

    /** Names of the claims that a model's files are on. */
    public static List<String> claims(EmbeddingModelManifest manifest) {
        var files = switch (manifest) {
            case OnnxModel onnx -> Stream.of(onnx.model(), onnx.tokenizer());
            case RemoteModel remote -> Stream.of(remote.tokenizer());
        };
        return files.flatMap(file -> switch (file) {
                    case ModelFile.Mounted mounted -> Stream.of(mounted.mount().substring(CLAIM.length()));
                    case ModelFile.Bundled bundled -> Stream.<String>empty();
                    case ModelFile.Downloaded downloaded -> Stream.<String>empty();
                })
                .distinct()
                .toList();
    }

    /** Name of the Secret that a model's endpoint is asked with. */
    public static Optional<String> secret(EmbeddingModelManifest manifest) {
        return manifest instanceof RemoteModel remote
                ? Optional.ofNullable(remote.access().credentialsMount()).map(mount -> mount.substring(SECRET.length()))
                : Optional.empty();
    }

    /** The name of the mount that has the files of a claim. */
    public static String mount(String claim) {
        return CLAIM + claim;
    }

    /** The name of the mount that has the values of a model's Secret. */
    public static String secretMount(String secret) {
        return SECRET + secret;
    }
}
