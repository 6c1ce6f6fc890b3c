package dev.concordance.operator.corpus;

import dev.concordance.manifest.GenerationManifest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The manifests of generations by their digest, as they were seen in Elasticsearch. A digest always stands for the same
 * manifest but for the number, so nothing here can become outdated; there are as many as corpora have had settings.
 */
public final class GenerationCatalog {
    private final Map<String, GenerationManifest> manifests = new ConcurrentHashMap<>();

    /** The manifest with this digest, under any number; empty if none was seen since the start. */
    public Optional<GenerationManifest> find(String digest) {
        return Optional.ofNullable(manifests.get(digest));
    }

    /** Adds what was seen. */
    void remember(GenerationManifest manifest) {
        manifests.putIfAbsent(manifest.digest(), manifest);
    }
}
