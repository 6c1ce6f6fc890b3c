package dev.concordance.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What tells an index from all that have had its name. That is its UUID, unless it was restored from a snapshot in the place of a closed index:
 * that one's UUID stays, and only its history has another one.
 */
public final class IndexIdentity {
    /** What of an answer that describes indexes is needed, as a {@code filter_path}. */
    public static final String FIELDS = "*.settings.index.uuid,*.settings.index.history.uuid";

    private IndexIdentity() {}

    /** The identity of an index that is described so. */
    public static String of(JsonNode index) {
        var settings = index.path("settings").path("index");
        var uuid = settings.path("uuid").asText();
        var history = settings.path("history").path("uuid").asText();
        return history.isEmpty() ? uuid : uuid + "/" + history;
    }
}
