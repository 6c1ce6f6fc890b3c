package dev.concordance.parse.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;

/**
 * What an answer says of itself, read without keeping anything else of it.
 *
 * @param status of the conversion; empty: it has none
 * @param hasDocument whether there is a document in it
 */
record Envelope(String status, boolean hasDocument) {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /** Throws an IOException for what is no JSON object. */
    static Envelope of(byte[] answer) throws IOException {
        var status = "";
        var hasDocument = false;
        try (var json = JSON.createParser(answer)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "status" -> status = json.getValueAsString("");
                    case "document" -> hasDocument = hasContent(json);
                    default -> {}
                }
                json.skipChildren();
            }
        }
        return new Envelope(status, hasDocument);
    }

    /** Reads an object to its end. */
    private static boolean hasContent(JsonParser json) throws IOException {
        var found = false;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var isContent = json.currentName().equals("json_content");
                found |= json.nextToken() == JsonToken.START_OBJECT && isContent;
                json.skipChildren();
            }
        }
        return found;
    }
}
