package dev.concordance.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.concordance.manifest.ChunkFields;
import java.io.IOException;
import java.util.List;

/**
 * A chunk that a leg has found: only what ranks it.
 *
 * @param index that it is in
 * @param id of the chunk
 * @param key of the document
 * @param version of the document that the chunk is of
 * @param score that the leg gives it
 * @param parent number of the parent in the document that is shown in its place; less than 0: it is shown itself
 */
record Candidate(String index, String id, String key, long version, double score, int parent) {
    /** What identifies a chunk, all of it doc values: stored fields would be decompressed for each candidate. */
    static final List<String> FIELDS = List.of(ChunkFields.DOCUMENT_KEY, ChunkFields.VERSION, ChunkFields.ORDINAL);

    /** What tells the parent, where chunks have one. */
    static final String PARENT = ChunkFields.PARENT + "." + ChunkFields.ORDINAL;

    private static final int NO_PARENT = -1;

    /** What is shown of it: a parent, or itself. Of an older version of a document there is none any more. */
    String shown() {
        return parent == NO_PARENT ? id : key + "/" + parent;
    }

    private record Identity(String key, long version, int ordinal, int parent) {
        /** From doc values, which are lists, here of one value each. */
        static Identity read(JsonParser json) throws IOException {
            var key = "";
            var version = 0L;
            var ordinal = 0;
            var parent = NO_PARENT;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var field = json.currentName();
                json.nextToken();
                json.nextToken();
                switch (field) {
                    case ChunkFields.DOCUMENT_KEY -> key = json.getText();
                    case ChunkFields.VERSION -> version = json.getLongValue();
                    case ChunkFields.ORDINAL -> ordinal = json.getIntValue();
                    case PARENT -> parent = json.getIntValue();
                    default -> throw new IllegalStateException("a field that wasn't asked for: " + field);
                }
                json.nextToken();
            }
            return new Identity(key, version, ordinal, parent);
        }
    }

    /** The candidate of a hit. */
    static Candidate read(JsonParser json) throws IOException {
        var index = "";
        var score = 0.0;
        var chunk = new Identity("", 0, 0, NO_PARENT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "_index" -> index = json.getText();
                case "_score" -> score = json.getDoubleValue();
                case "fields" -> chunk = Identity.read(json);
                default -> json.skipChildren();
            }
        }
        var id = ChunkFields.id(chunk.key(), chunk.version(), chunk.ordinal());
        return new Candidate(index, id, chunk.key(), chunk.version(), score, chunk.parent());
    }
}
