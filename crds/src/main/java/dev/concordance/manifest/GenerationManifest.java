package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What determines the content of one generation of a corpus; kept in the {@code _meta} of the generation's mapping.
 * Sources play no part: their changes are applied to the live generation.
 *
 * @param generation the number in the index's name, from 1
 * @param pipeline the version of parsing and chunking, {@link #PIPELINE}
 * @param shards primary shards of the index
 * @param metadata the filterable fields of the mapping
 * @param documentLevel whether each document says who may see it, and nobody else does
 */
public record GenerationManifest(
        int generation,
        int pipeline,
        Chunking chunking,
        EmbeddingModelManifest model,
        int shards,
        List<MetadataField> metadata,
        boolean documentLevel) {
    /** Raised whenever parsing, chunking or the mapping changes what is indexed for the same document. */
    public static final int PIPELINE = 1;

    public GenerationManifest {
        metadata = List.copyOf(metadata);
    }

    /** A generation that everybody may see all of. */
    public GenerationManifest(
            int generation,
            int pipeline,
            Chunking chunking,
            EmbeddingModelManifest model,
            int shards,
            List<MetadataField> metadata) {
        this(generation, pipeline, chunking, model, shards, metadata, false);
    }

    /** Same content settings, same digest, whatever the number. */
    @JsonIgnore
    public String digest() {
        var digest = new Fingerprint("generation/1")
                .with("pipeline", pipeline)
                .with("chunking", chunking)
                .with("model", model.digest())
                .with("shards", shards)
                .with("metadata", metadata);
        return (documentLevel ? digest.with("documentLevel", true) : digest).digest();
    }

    /** These settings under another generation number. */
    public GenerationManifest numbered(int number) {
        return new GenerationManifest(number, pipeline, chunking, model, shards, metadata, documentLevel);
    }
}
