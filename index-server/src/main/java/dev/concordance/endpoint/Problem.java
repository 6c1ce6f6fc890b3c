package dev.concordance.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.ManifestJson;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** An error as RFC 9457 has it. */
public final class Problem extends RuntimeException {
    public static final String MEDIA_TYPE = "application/problem+json";
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int TOO_LARGE = 413;

    private static final long serialVersionUID = 1;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final int status;
    private final String title;
    private final @Nullable String field;

    public Problem(int status, String title, String detail) {
        this(status, title, detail, null);
    }

    /** @param field path of the wrong field in the request */
    private Problem(int status, String title, String detail, @Nullable String field) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
        this.field = field;
    }

    /** A request that is wrong in a field or header. */
    public static Problem invalid(String detail, @Nullable String field) {
        return new Problem(400, "Bad Request", detail, field);
    }

    /** What was asked took too long. */
    public static Problem timedOut(String detail) {
        return new Problem(504, "Gateway Timeout", detail);
    }

    /** Nobody who is known. */
    public static Problem unauthorized() {
        return new Problem(
                UNAUTHORIZED, "Unauthorized", "send a token that this server knows as Authorization: Bearer …");
    }

    /** What the sender may not do. */
    public static Problem forbidden(String detail) {
        return new Problem(FORBIDDEN, "Forbidden", detail);
    }

    /** A body of more bytes than are read. */
    public static Problem tooLarge(long most) {
        return new Problem(TOO_LARGE, "Content Too Large", "the request has more than %d bytes".formatted(most));
    }

    static Problem longUri(int most) {
        return new Problem(414, "URI Too Long", "the path has more than %d characters".formatted(most));
    }

    static Problem longHeaders(int most) {
        return new Problem(
                431, "Request Header Fields Too Large", "the headers have more than %d characters".formatted(most));
    }

    /** One more request than are answered at a time. */
    public static Problem tooMany(String detail) {
        return new Problem(TOO_MANY_REQUESTS, "Too Many Requests", detail);
    }

    /** What isn't there any more, and is not to come back. */
    public static Problem gone(String detail) {
        return new Problem(410, "Gone", detail);
    }

    /** What may succeed later. */
    public static Problem unavailable(String detail) {
        return new Problem(UNAVAILABLE, "Service Unavailable", detail);
    }

    /** A bug. */
    public static Problem internal() {
        return new Problem(
                500, "Internal Server Error", "the request failed, which is a bug: the log has it under the requestId");
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The document. */
    public ObjectNode document(String requestId) {
        var json = ManifestJson.mapper().createObjectNode();
        json.put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage());
        if (field != null) {
            json.put("field", field);
        }
        return json.put("requestId", requestId);
    }

    /** The answer to a request. */
    public Response response(String requestId) {
        var response = Response.status(status)
                .type(MEDIA_TYPE)
                .header(RequestId.HEADER, requestId)
                .entity(document(requestId).toString());
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
