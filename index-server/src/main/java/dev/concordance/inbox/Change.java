package dev.concordance.inbox;

import dev.concordance.index.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a document.
 *
 * @param document what it becomes; null: it is deleted
 * @param request that asks for it
 */
public record Change(String source, String id, @Nullable Document document, Condition condition, Request request) {
    /**
     * A document as it was pushed.
     *
     * @param json text of a JSON object
     * @param hash changes with it
     * @param length bytes of its content
     */
    public record Document(String json, String hash, int length) {}

    /**
     * A request.
     *
     * @param key no other request on the same document has it
     * @param fingerprint changes with what is asked for
     * @param isRepeatable whether the sender has given it a key, and may send it again
     */
    public record Request(String key, String fingerprint, boolean isRepeatable) {}

    String key() {
        return DocumentKey.of(source, id);
    }

    /** Where what came of the request is kept once its document was overwritten. */
    String requestKey() {
        return requestKey(key(), request.key());
    }

    static String requestKey(String document, String request) {
        return "request-" + DocumentKey.of(document, request);
    }
}
