package dev.concordance.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.Tombstones;
import java.io.IOException;

/**
 * What is shown of a chunk.
 *
 * @param id of the chunk
 * @param fields by {@link ChunkFields}
 * @param highlights fragments of the text; missing for none
 */
record Passage(String id, JsonNode fields, JsonNode highlights) {
    /** The passage of a hit. */
    static Passage read(JsonParser json) throws IOException {
        var id = "";
        JsonNode fields = MissingNode.getInstance();
        JsonNode highlights = MissingNode.getInstance();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            json.nextToken();
            switch (name) {
                case "_id" -> id = json.getText();
                case "_source" -> fields = json.readValueAsTree();
                case "highlight" ->
                    highlights = json.<JsonNode>readValueAsTree().path(ChunkFields.TEXT);
                default -> json.skipChildren();
            }
        }
        return new Passage(id, fields, highlights);
    }

    /** Whether its document is erased. */
    boolean isCovered(String key, Tombstones tombstones) {
        var uri = fields.path(ChunkFields.URI);
        return tombstones.of(
                                key,
                                fields.path(ChunkFields.SOURCE).asText(),
                                fields.path(ChunkFields.DOCUMENT_ID).asText())
                        != null
                || tombstones.ofContent(uri.isTextual() ? uri.asText() : null, fields.path(ChunkFields.METADATA))
                        != null;
    }
}
