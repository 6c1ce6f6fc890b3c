package dev.concordance.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.spool.Codec;
import dev.concordance.spool.Cursor;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A chunk that is in the index, whether or not a record knows it. */
record WrittenChunk(String source, String documentId, long version, String id) {
    /** That of records. */
    static final Comparator<WrittenChunk> ORDER =
            Comparator.comparing(WrittenChunk::source).thenComparing(WrittenChunk::documentId);

    static final Codec<WrittenChunk> CODEC = new Codec<>() {
        @Override
        public void write(WrittenChunk chunk, DataOutput out) throws IOException {
            Codec.writeString(chunk.source(), out);
            Codec.writeString(chunk.documentId(), out);
            out.writeLong(chunk.version());
            Codec.writeString(chunk.id(), out);
        }

        @Override
        public WrittenChunk read(DataInput in) throws IOException {
            return new WrittenChunk(Codec.readText(in), Codec.readText(in), in.readLong(), Codec.readText(in));
        }
    };

    static WrittenChunk of(JsonNode hit) {
        var source = hit.path("_source");
        return new WrittenChunk(
                source.path(ChunkFields.SOURCE).asText(),
                source.path(ChunkFields.DOCUMENT_ID).asText(),
                source.path(ChunkFields.VERSION).asLong(),
                hit.path("_id").asText());
    }

    String key() {
        return DocumentKey.of(source, documentId);
    }

    /** What it is if no record knows it. */
    Leftover leftover() {
        return new Leftover(id, key(), source);
    }

    /** The record of the chunk's document; null: there is none. Moves past those of documents before it. */
    @Nullable
    ManifestRecord among(Cursor<ManifestRecord> records) {
        return records.seek(record -> -compareTo(record));
    }

    /** Whether it is one of the chunks that the record of its document speaks of. */
    boolean isOf(ManifestRecord record) {
        return record.version() == version && record.state() == State.Indexed;
    }

    int compareTo(ManifestRecord record) {
        var bySource = source.compareTo(record.source());
        return bySource != 0 ? bySource : documentId.compareTo(record.documentId());
    }
}
