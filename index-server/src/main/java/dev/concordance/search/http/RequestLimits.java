package dev.concordance.search.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/**
 * Refuses with a problem document what the server below would refuse without one: a body by its announced length, a long
 * path, long headers. The server's own limits are higher, and there it only hangs up.
 */
@ApplicationScoped
public class RequestLimits {
    private static final int BODY = 1 << 20;
    /** So much is read and thrown away, so that the sender gets to reading the answer; of more the connection is closed. */
    private static final int BORNE = 16 << 20;

    private static final int URI = 4 << 10;
    private static final int HEADERS = 16 << 10;

    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(RequestLimits::check);
    }

    private static void check(RoutingContext context) {
        var request = context.request();
        var length = length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (request.uri().length() > URI) {
            refuse(context, length, Problem.longUri(URI));
        } else if (headers(context) > HEADERS) {
            refuse(context, length, Problem.longHeaders(HEADERS));
        } else if (length > BODY) {
            refuse(context, length, Problem.tooLarge(BODY));
        } else {
            context.next();
        }
    }

    private static void refuse(RoutingContext context, long length, Problem problem) {
        var requestId = RequestId.of(context.request().getHeader(RequestId.HEADER));
        var response = context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(RequestId.HEADER, requestId);
        if (length > BORNE) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        } else {
            context.request().resume();
        }
        response.end(problem.json(requestId));
    }

    private static long headers(RoutingContext context) {
        return context.request().headers().entries().stream()
                .mapToLong(
                        header -> header.getKey().length() + header.getValue().length())
                .sum();
    }

    /** One that has no length at all is bounded while it is read. */
    private static long length(@Nullable String announced) {
        try {
            return announced == null ? 0 : Long.parseLong(announced);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
