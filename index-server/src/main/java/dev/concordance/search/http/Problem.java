package dev.concordance.search.http;

import dev.concordance.manifest.ManifestJson;
import dev.concordance.search.SearchException;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** An error as RFC 9457 has it. */
final class Problem extends RuntimeException {
    static final String MEDIA_TYPE = "application/problem+json";
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int TOO_LARGE = 413;

    private static final long serialVersionUID = 1;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final int status;
    private final String title;
    private final @Nullable String field;

    Problem(int status, String title, String detail) {
        this(status, title, detail, null);
    }

    /** @param field path of the wrong field in the request */
    private Problem(int status, String title, String detail, @Nullable String field) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
        this.field = field;
    }

    static Problem of(SearchException e) {
        var detail = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case INVALID -> new Problem(400, "Bad Request", detail, e.field());
            case UNAVAILABLE -> unavailable(detail);
            case TIMED_OUT -> new Problem(504, "Gateway Timeout", detail);
        };
    }

    static Problem unauthorized() {
        return new Problem(
                UNAUTHORIZED, "Unauthorized", "send a token that this server knows as Authorization: Bearer …");
    }

    /** The same for a corpus that isn't there, so that nobody learns which there are. */
    static Problem forbidden() {
        return new Problem(FORBIDDEN, "Forbidden", "the token does not open this corpus, or there is no such corpus");
    }

    static Problem untrusted() {
        return new Problem(
                FORBIDDEN,
                "Forbidden",
                "only a token that delegates may say as whom it searches: leave the header %s out, or set delegates: true on the token"
                        .formatted(Sender.HEADER));
    }

    static Problem wrongPrincipals(String detail) {
        return new Problem(400, "Bad Request", Sender.HEADER + ": " + detail, Sender.HEADER);
    }

    static Problem tooLarge(long most) {
        return new Problem(TOO_LARGE, "Content Too Large", "the request has more than %d bytes".formatted(most));
    }

    static Problem longUri(int most) {
        return new Problem(414, "URI Too Long", "the path has more than %d characters".formatted(most));
    }

    static Problem longHeaders(int most) {
        return new Problem(
                431, "Request Header Fields Too Large", "the headers have more than %d characters".formatted(most));
    }

    static Problem tooMany(int most) {
        return new Problem(
                TOO_MANY_REQUESTS, "Too Many Requests", "%d searches are under way: try again".formatted(most));
    }

    static Problem unavailable(String detail) {
        return new Problem(UNAVAILABLE, "Service Unavailable", detail);
    }

    static Problem internal() {
        return new Problem(
                500, "Internal Server Error", "the search failed, which is a bug: the log has it under the requestId");
    }

    int status() {
        return status;
    }

    String json(String requestId) {
        var json = ManifestJson.mapper().createObjectNode();
        json.put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage());
        if (field != null) {
            json.put("field", field);
        }
        return json.put("requestId", requestId).toString();
    }

    Response response(String requestId) {
        var response = Response.status(status)
                .type(MEDIA_TYPE)
                .header(RequestId.HEADER, requestId)
                .entity(json(requestId));
        switch (status) {
            case UNAUTHORIZED -> response.header("WWW-Authenticate", "Bearer realm=\"concordance\"");
            case FORBIDDEN ->
                response.header("WWW-Authenticate", "Bearer realm=\"concordance\", error=\"insufficient_scope\"");
            case TOO_MANY_REQUESTS, UNAVAILABLE -> response.header("Retry-After", "1");
            default -> {}
        }
        return response.build();
    }
}
