package dev.concordance.inlet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Change;
import dev.concordance.inbox.Outcome;
import dev.concordance.inbox.Version;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.PushPosition;
import org.jspecify.annotations.Nullable;

/**
 * What senders are told.
 *
 * @param history of the inbox, which positions are in
 */
record Answers(String history) {
    static final String POSITION = "Concordance-Position";

    private static final int CREATED = 201;
    private static final int OK = 200;

    String position(long sequence) {
        return new PushPosition(history, sequence).text();
    }

    static String tag(Version version) {
        return "\"" + version.text() + "\"";
    }

    /** A change that was made. */
    ObjectNode done(Change change, Outcome.Done done) {
        return ManifestJson.mapper()
                .createObjectNode()
                .put("id", change.id())
                .put("result", result(change, done))
                .put("status", done.created() ? CREATED : OK)
                .put("etag", tag(done.version()))
                .put("position", position(done.version().sequence()));
    }

    /** A line of a batch. */
    ObjectNode item(Change change, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            return done(change, done).put("sequence", done.version().sequence());
        }
        var problem = problem(outcome);
        var json = ManifestJson.mapper()
                .createObjectNode()
                .put("id", change.id())
                .put("status", problem.status())
                .put("detail", problem.getMessage());
        var now = now(outcome);
        return now == null ? json : json.put("etag", tag(now));
    }

    /** The version of a document whose state was not as demanded. */
    static @Nullable Version now(Outcome outcome) {
        return outcome instanceof Outcome.ConditionFailed failed ? failed.now() : null;
    }

    /** Why a change was not made. */
    static Problem problem(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> throw new IllegalArgumentException("it was made");
            case Outcome.ConditionFailed failed ->
                new Problem(
                        412,
                        "Precondition Failed",
                        failed.now() == null
                                ? "there is no such document, so it has no ETag: leave If-Match out to make one"
                                : "the document was changed by somebody else: read it and decide anew; its ETag is "
                                        + tag(failed.now()));
            case Outcome.Missing missing -> new Problem(404, "Not Found", "there is no such document");
            case Outcome.KeyReused reused ->
                new Problem(
                        422,
                        "Unprocessable Content",
                        "another request on this document had this Idempotency-Key: send each request with a key of its own, and a repeated one unchanged");
            case Outcome.Contended contended ->
                Problem.unavailable("others change the document all the time: try again");
            case Outcome.Refused refused ->
                new Problem(422, "Unprocessable Content", "Elasticsearch does not take the document: " + refused.why());
        };
    }

    private static String result(Change change, Outcome.Done done) {
        if (change.document() == null) {
            return "deleted";
        }
        return done.created() ? "created" : "updated";
    }
}
