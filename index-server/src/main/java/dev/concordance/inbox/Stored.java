package dev.concordance.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.InboxFields;
import dev.concordance.manifest.ManifestJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the inbox has of a document.
 *
 * @param deleted whether all that is left of it is a mark
 * @param written by which request
 */
record Stored(Version version, boolean deleted, Written written) {
    /** A request that has written a document. */
    record Written(String key, String fingerprint, boolean isRepeatable, boolean created) {
        Written(Change.Request request, boolean created) {
            this(request.key(), request.fingerprint(), request.isRepeatable(), created);
        }

        private Outcome outcome(Change change, Version version) {
            return fingerprint.equals(change.request().fingerprint())
                    ? new Outcome.Done(version, created)
                    : new Outcome.KeyReused();
        }
    }

    /** Reads an answer to a look-up; nothing if there is no such document. */
    static Optional<Stored> of(JsonNode found) {
        if (!found.path("found").asBoolean()) {
            return Optional.empty();
        }
        var fields = found.path("_source");
        return Optional.of(new Stored(
                new Version(
                        found.path("_seq_no").asLong(),
                        found.path("_primary_term").asLong()),
                fields.path(InboxFields.DELETED).asBoolean(),
                written(fields.path(InboxFields.REQUEST))));
    }

    /** What came of a request whose document was overwritten. */
    static Optional<Outcome> kept(JsonNode found, Change change) {
        if (!found.path("found").asBoolean()) {
            return Optional.empty();
        }
        var fields = found.path("_source");
        var written = written(fields.path(InboxFields.REQUEST));
        return Optional.of(written.outcome(
                change,
                new Version(
                        fields.path("sequence").asLong(), fields.path("term").asLong())));
    }

    /** What is kept of the request that made this state of a document. */
    ObjectNode toKeep(String document, long now) {
        var json = ManifestJson.mapper().createObjectNode();
        json.put(InboxFields.OF, document)
                .put(InboxFields.AT, now)
                .put("sequence", version.sequence())
                .put("term", version.term());
        json.set(InboxFields.REQUEST, ManifestJson.mapper().valueToTree(written));
        return json;
    }

    /** The version, unless it was deleted. */
    @Nullable
    Version present() {
        return deleted ? null : version;
    }

    /** What has come of the change, if this state is its work. */
    Optional<Outcome> outcome(Change change) {
        return written.key().equals(change.request().key())
                ? Optional.of(written.outcome(change, version))
                : Optional.empty();
    }

    private static Written written(JsonNode request) {
        return new Written(
                request.path("key").asText(),
                request.path("fingerprint").asText(),
                request.path("isRepeatable").asBoolean(),
                request.path("created").asBoolean());
    }
}
