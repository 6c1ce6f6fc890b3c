package dev.concordance.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.access.Acl;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;

/**
 * A chunk as the index holds it, with what can be told of its content.
 *
 * @param seenBy digest of its access list
 */
record AuditedChunk(WrittenChunk chunk, int ordinal, String digest, String seenBy) {
    /** That of records, and within a document that of its chunks. */
    static final Comparator<AuditedChunk> ORDER = Comparator.comparing(AuditedChunk::chunk, WrittenChunk.ORDER)
            .thenComparing(audited -> audited.chunk().version())
            .thenComparing(AuditedChunk::ordinal);

    static final Codec<AuditedChunk> CODEC = new Codec<>() {
        @Override
        public void write(AuditedChunk audited, DataOutput out) throws IOException {
            WrittenChunk.CODEC.write(audited.chunk(), out);
            out.writeInt(audited.ordinal());
            Codec.writeString(audited.digest(), out);
            Codec.writeString(audited.seenBy(), out);
        }

        @Override
        public AuditedChunk read(DataInput in) throws IOException {
            return new AuditedChunk(WrittenChunk.CODEC.read(in), in.readInt(), Codec.readText(in), Codec.readText(in));
        }
    };

    /** A search for all chunks, which tells of each what is needed here. */
    static ObjectNode query() {
        var body = ManifestJson.mapper().createObjectNode().put("version", true);
        var query = body.putObject("query").putObject("bool");
        query.putArray("must").addObject().putObject("match_all");
        query.putArray("should")
                .addObject()
                .putObject("exists")
                .put("field", ChunkFields.VECTOR)
                .put("_name", ChunkFields.VECTOR);
        return body;
    }

    static AuditedChunk of(JsonNode hit) {
        var source = hit.path("_source");
        var principals = new ArrayList<String>();
        source.path(ChunkFields.ACL).forEach(principal -> principals.add(principal.asText()));
        return new AuditedChunk(
                WrittenChunk.of(hit),
                source.path(ChunkFields.ORDINAL).asInt(),
                isWhole(hit) ? ChunksHash.digest(source) : "",
                Acl.stored(principals).digest());
    }

    /** Elasticsearch keeps vectors apart from the rest, so a chunk may be as it was written and have lost its own. */
    private static boolean isWhole(JsonNode hit) {
        return !hit.path("_source").has(ChunkFields.TEXT_HASH)
                || hit.path("matched_queries")
                        .valueStream()
                        .anyMatch(name -> name.asText().equals(ChunkFields.VECTOR));
    }
}
