package dev.concordance.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The bodies with which the indexes of a corpus are created: settings and mapping of a generation's chunks, of its manifest
 * and of the ledger. Fields are never added by what is written (dynamic mapping is off): what is not mapped here is stored
 * and not searchable.
 */
public final class GenerationMapping {
    /** The key below a mapping's {@code _meta} that holds the {@link GenerationManifest} and its digest. */
    public static final String META = "concordance";

    /** The key below {@link #META} that holds {@link GenerationManifest#digest()}. */
    public static final String DIGEST = "digest";

    /** Field of a shared vector: the month of its last use, such as {@code 2026-11}. */
    public static final String USED = "used";

    /** Field of a shared vector: its floats, little-endian, in Base64. */
    public static final String FLOATS = "floats";

    /** Whoever writes knows when it is to be found, and whether anybody looks for it yet. */
    private static final String REFRESHED_BY_WRITERS = "-1";

    private static final String REFRESHED = "30s";

    private static final String DECLARED = "declared";

    private GenerationMapping() {}

    /** The index of a generation's chunks. */
    public static ObjectNode chunks(GenerationManifest manifest, int replicas) {
        var body = index(manifest.shards(), replicas, REFRESHED_BY_WRITERS);
        var analyzer = analyzer(body, manifest.analysis());
        var mappings = mappings(body, manifest);
        var properties = mappings.putObject("properties");
        keyword(properties, ChunkFields.DOCUMENT_KEY);
        keyword(properties, ChunkFields.DOCUMENT_ID);
        keyword(properties, ChunkFields.SOURCE);
        keyword(properties, ChunkFields.TEXT_HASH);
        type(properties, ChunkFields.VERSION, "long");
        type(properties, ChunkFields.ORDINAL, "integer");
        stored(properties, ChunkFields.CHUNKS, "integer");
        stored(properties, ChunkFields.URI, "keyword");
        stored(properties, ChunkFields.START, "integer");
        stored(properties, ChunkFields.END, "integer");
        stored(properties, ChunkFields.FIRST_PAGE, "integer");
        stored(properties, ChunkFields.LAST_PAGE, "integer");
        text(properties, ChunkFields.TITLE, analyzer);
        text(properties, ChunkFields.HEADINGS, analyzer);
        text(properties, ChunkFields.CONTEXT, analyzer);
        text(properties, ChunkFields.TEXT, analyzer);
        if (manifest.privacy().hasSignals()) {
            keyword(properties, ChunkFields.SIGNALS);
        }
        if (manifest.documentLevel()) {
            properties.putObject(ChunkFields.ACL).put("type", "keyword").put("doc_values", false);
        }
        if (manifest.chunking() instanceof Chunking.Hierarchical) {
            parent(properties);
        }
        if (manifest.chunking() instanceof Chunking.Semantic) {
            stored(properties, ChunkFields.SENTENCE_HASHES, "keyword");
        }
        vector(properties, manifest.model(), manifest.vectors());
        type(properties, ChunkFields.PENDING_EMBEDDING, "boolean");
        metadata(properties, manifest);
        return body;
    }

    /** The index that says what a generation holds, one record a document; always one shard. */
    public static ObjectNode manifest(GenerationManifest manifest, int replicas) {
        var body = index(1, replicas, REFRESHED_BY_WRITERS);
        var properties = mappings(body, manifest).putObject("properties");
        keyword(properties, "source");
        keyword(properties, "documentId");
        keyword(properties, "state");
        type(properties, "version", "long");
        return body;
    }

    /** The ledger, or what was spent: documents that are read by id only, so nothing in them is indexed. */
    public static ObjectNode ledger(int replicas) {
        var body = index(1, replicas, REFRESHED);
        body.putObject("mappings").put("enabled", false);
        return body;
    }

    /** The vectors that corpora share, read by id; {@link #USED} says which ones go first. */
    public static ObjectNode embeddings(int replicas) {
        var body = index(1, replicas, REFRESHED);
        keyword(body.putObject("mappings").put("dynamic", false).putObject("properties"), USED);
        return body;
    }

    /**
     * What was pushed. One shard, so that its sequence numbers are one order. It is read by id, and refreshed by who lists it.
     */
    public static ObjectNode inbox(int replicas) {
        var body = index(1, replicas, REFRESHED_BY_WRITERS);
        var properties = body.putObject("mappings").put("dynamic", false).putObject("properties");
        keyword(properties, InboxFields.SOURCE);
        keyword(properties, InboxFields.OF);
        type(properties, InboxFields.DELETED, "boolean");
        type(properties, InboxFields.AT, "long");
        return body;
    }

    private static ObjectNode index(int shards, int replicas, String refreshInterval) {
        var body = ManifestJson.mapper().createObjectNode();
        body.putObject("settings")
                .putObject("index")
                .put("number_of_shards", shards)
                .put("number_of_replicas", replicas)
                .put("refresh_interval", refreshInterval);
        return body;
    }

    private static ObjectNode mappings(ObjectNode body, GenerationManifest manifest) {
        var mappings = body.putObject("mappings").put("dynamic", false);
        var meta = mappings.putObject("_meta").putObject(META);
        meta.setAll((ObjectNode) ManifestJson.mapper().valueToTree(manifest));
        meta.put(DIGEST, manifest.digest());
        return mappings;
    }

    private static void vector(ObjectNode properties, EmbeddingModelManifest model, VectorStorage storage) {
        var options = properties
                .putObject(ChunkFields.VECTOR)
                .put("type", "dense_vector")
                .put("dims", model.dimensions())
                .put("index", true)
                .put("similarity", model.normalize() ? "dot_product" : "cosine")
                .putObject("index_options");
        options.set("type", ManifestJson.mapper().valueToTree(storage.type()));
        if (storage.type().hasGraph()) {
            options.put("m", storage.m()).put("ef_construction", storage.efConstruction());
        }
    }

    /** Its number tells siblings; its text is stored and nothing else. */
    private static void parent(ObjectNode properties) {
        var parent =
                properties.putObject(ChunkFields.PARENT).put("type", "object").put("dynamic", false);
        parent.putObject("properties")
                .putObject(ChunkFields.ORDINAL)
                .put("type", "integer")
                .put("index", false);
    }

    private static void metadata(ObjectNode properties, GenerationManifest manifest) {
        var metadata =
                properties.putObject(ChunkFields.METADATA).put("type", "object").put("dynamic", false);
        var declared = metadata.putObject("properties");
        for (var field : manifest.metadata()) {
            declared.putObject(field.name()).set("type", ManifestJson.mapper().valueToTree(field.type()));
        }
    }

    private static void keyword(ObjectNode properties, String field) {
        type(properties, field, "keyword");
    }

    /** The name of the analyzer, which the index's settings define where it isn't one that there is. */
    private static String analyzer(ObjectNode body, Analysis analysis) {
        var stopWords = analysis.stopWords();
        if (stopWords == null) {
            return analysis.analyzer();
        }
        var words = ((ObjectNode) body.path("settings").path("index"))
                .putObject("analysis")
                .putObject("analyzer")
                .putObject(DECLARED)
                .put("type", analysis.analyzer())
                .putArray("stopwords");
        stopWords.forEach(words::add);
        return DECLARED;
    }

    private static void text(ObjectNode properties, String field, String analyzer) {
        properties.putObject(field).put("type", "text").put("analyzer", analyzer);
    }

    private static void type(ObjectNode properties, String field, String type) {
        properties.putObject(field).put("type", type);
    }

    /** Only to be read back, never searched for. */
    private static void stored(ObjectNode properties, String field, String type) {
        properties.putObject(field).put("type", type).put("index", false).put("doc_values", false);
    }
}
