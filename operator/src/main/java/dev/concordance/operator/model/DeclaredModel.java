package dev.concordance.operator.model;

import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ModelFile;
import java.util.List;
import java.util.stream.Stream;

/** What an EmbeddingModel declares, checked and with its defaults. */
public record DeclaredModel(EmbeddingModelManifest manifest) {
    private static final String PREFIX = "model-";

    /** Names of the claims that the model's files are on. */
    public List<String> claims() {
        return claims(manifest);
    }

    /** Names of the claims that a model's files are on. */
    public static List<String> claims(EmbeddingModelManifest manifest) {
        return Stream.of(manifest.model(), manifest.tokenizer())
                .flatMap(file -> switch (file) {
                    case ModelFile.Mounted mounted -> Stream.of(mounted.mount().substring(PREFIX.length()));
                    case ModelFile.Bundled bundled -> Stream.<String>empty();
                    case ModelFile.Downloaded downloaded -> Stream.<String>empty();
                })
                .distinct()
                .toList();
    }

    /** The name of the mount that has the files of a claim. */
    public static String mount(String claim) {
        return PREFIX + claim;
    }
}
