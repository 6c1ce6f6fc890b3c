package dev.concordance.search.http;

import dev.concordance.manifest.ManifestJson;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** An error as RFC 9457 has it. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String title;
    private final @Nullable String field;

    Problem(int status, String title, String detail) {
        this(status, title, detail, null);
    }

    /** @param field path of the wrong field in the request */
    Problem(int status, String title, String detail, @Nullable String field) {
        super(detail);
        this.status = status;
        this.title = title;
        this.field = field;
    }

    static Problem unauthorized() {
        return new Problem(401, "Unauthorized", "send a token that this server knows as Authorization: Bearer …");
    }

    /** The same for a corpus that isn't there, so that nobody learns which there are. */
    static Problem forbidden() {
        return new Problem(403, "Forbidden", "the token does not open this corpus, or there is no such corpus");
    }

    int status() {
        return status;
    }

    Response response(String requestId) {
        var json = ManifestJson.mapper().createObjectNode();
        json.put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage());
        if (field != null) {
            json.put("field", field);
        }
        json.put("requestId", requestId);
        var response = Response.status(status).type(MEDIA_TYPE).entity(json.toString());
        if (status == 401) {
            response.header("WWW-Authenticate", "Bearer");
        }
        if (status == 429 || status == 503) {
            response.header("Retry-After", "1");
        }
        return response.build();
    }
}
