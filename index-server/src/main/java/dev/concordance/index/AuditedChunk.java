package dev.concordance.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.access.Acl;
import dev.concordance.manifest.ChunkFields;
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

    static AuditedChunk of(JsonNode hit) {
        var source = hit.path("_source");
        var principals = new ArrayList<String>();
        source.path(ChunkFields.ACL).forEach(principal -> principals.add(principal.asText()));
        return new AuditedChunk(
                WrittenChunk.of(hit),
                source.path(ChunkFields.ORDINAL).asInt(),
                ChunksHash.digest(source),
                Acl.stored(principals).digest());
    }
}
