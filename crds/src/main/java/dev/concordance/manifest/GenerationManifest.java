package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What determines the content of one generation of a corpus; kept in the {@code _meta} of the generation's mapping.
 * Sources play no part: their changes are applied to the live generation.
 *
 * @param generation the number in the index's name, from 1
 * @param pipeline the version of parsing and chunking, {@link #PIPELINE}
 * @param shards primary shards of the index
 * @param metadata the filterable fields of the mapping
 * @param privacy what is kept out of it, or marked
 * @param documentLevel whether each document says who may see it, and nobody else does
 * @param parser what reads some of the documents; null: the built-in parsers read all
 * @param vectors how vectors are kept
 * @param analysis how texts become words
 */
public record GenerationManifest(
        int generation,
        int pipeline,
        Chunking chunking,
        EmbeddingModelManifest model,
        int shards,
        List<MetadataField> metadata,
        Privacy privacy,
        boolean documentLevel,
        @Nullable RemoteParser parser,
        VectorStorage vectors,
        Analysis analysis) {
    /** Raised whenever parsing, chunking or the mapping changes what is indexed for the same document. */
    public static final int PIPELINE = 3;

    /** A manifest that was written before there was a setting has what was done then. */
    @SuppressWarnings("ConstantValue")
    public GenerationManifest {
        metadata = List.copyOf(metadata);
        privacy = privacy == null ? Privacy.NONE : privacy;
        vectors = vectors == null ? VectorStorage.DEFAULT : vectors;
        analysis = analysis == null ? Analysis.DEFAULT : analysis;
    }

    /** The settings of a generation whose index is as it is where nothing is declared. */
    public GenerationManifest(
            int generation,
            int pipeline,
            Chunking chunking,
            EmbeddingModelManifest model,
            int shards,
            List<MetadataField> metadata,
            Privacy privacy,
            boolean documentLevel,
            @Nullable RemoteParser parser) {
        this(
                generation,
                pipeline,
                chunking,
                model,
                shards,
                metadata,
                privacy,
                documentLevel,
                parser,
                VectorStorage.DEFAULT,
                Analysis.DEFAULT);
    }

    /** The settings of a generation that takes documents as they are, and that everybody may see all of. */
    public GenerationManifest(
            int generation,
            int pipeline,
            Chunking chunking,
            EmbeddingModelManifest model,
            int shards,
            List<MetadataField> metadata) {
        this(generation, pipeline, chunking, model, shards, metadata, Privacy.NONE, false, null);
    }

    /** Same content settings, same digest, whatever the number. */
    @JsonIgnore
    public String digest() {
        var settings = new Fingerprint("generation/1")
                .with("pipeline", pipeline)
                .with("chunking", chunking)
                .with("model", model.digest())
                .with("shards", shards)
                .with("metadata", metadata);
        if (!privacy.isNone()) {
            settings.with("privacy", privacy.digest());
        }
        if (documentLevel) {
            settings.with("documentLevel", true);
        }
        if (parser != null) {
            settings.with("parser", parser.digest());
        }
        if (!vectors.equals(VectorStorage.DEFAULT)) {
            settings.with("vectors", vectors);
        }
        if (!analysis.equals(Analysis.DEFAULT)) {
            settings.with("analysis", analysis);
        }
        return settings.digest();
    }

    /** These settings under another generation number. */
    public GenerationManifest numbered(int number) {
        return new GenerationManifest(
                number, pipeline, chunking, model, shards, metadata, privacy, documentLevel, parser, vectors, analysis);
    }

    /** These settings with other transforms. */
    public GenerationManifest with(Privacy other) {
        return new GenerationManifest(
                generation,
                pipeline,
                chunking,
                model,
                shards,
                metadata,
                other,
                documentLevel,
                parser,
                vectors,
                analysis);
    }

    /** These settings with another parser. */
    public GenerationManifest with(@Nullable RemoteParser other) {
        return new GenerationManifest(
                generation,
                pipeline,
                chunking,
                model,
                shards,
                metadata,
                privacy,
                documentLevel,
                other,
                vectors,
                analysis);
    }

    /** These settings with vectors kept otherwise. */
    public GenerationManifest with(VectorStorage other) {
        return new GenerationManifest(
                generation,
                pipeline,
                chunking,
                model,
                shards,
                metadata,
                privacy,
                documentLevel,
                parser,
                other,
                analysis);
    }

    /** These settings with texts analyzed otherwise. */
    public GenerationManifest with(Analysis other) {
        return new GenerationManifest(
                generation,
                pipeline,
                chunking,
                model,
                shards,
                metadata,
                privacy,
                documentLevel,
                parser,
                vectors,
                other);
    }

    /** These settings for one of so many workers side by side, which keep to the limits of model and parser together. */
    public GenerationManifest dividedBy(int workers) {
        var share = model instanceof RemoteModel remote
                ? at(remote.with(remote.access().dividedBy(workers)))
                : this;
        return parser == null ? share : share.with(parser.dividedBy(workers));
    }

    /** Among how many workers the limits of model and parser can be divided. */
    int mostWorkers() {
        return Math.min(
                model instanceof RemoteModel remote ? remote.access().limits().mostWorkers() : Integer.MAX_VALUE,
                parser == null ? Integer.MAX_VALUE : Share.most(parser.access().concurrentRequests()));
    }

    /** These settings with the model and the parser of others where they are now, as far as they are the same ones. */
    public GenerationManifest at(GenerationManifest declared) {
        var isSame =
                parser != null && declared.parser != null && parser.digest().equals(declared.parser.digest());
        return at(declared.model).with(isSame ? declared.parser : parser);
    }

    /** These settings with the model where it is now, if it is the same one. */
    public GenerationManifest at(EmbeddingModelManifest declared) {
        return declared.digest().equals(model.digest())
                ? new GenerationManifest(
                        generation,
                        pipeline,
                        chunking,
                        declared,
                        shards,
                        metadata,
                        privacy,
                        documentLevel,
                        parser,
                        vectors,
                        analysis)
                : this;
    }
}
