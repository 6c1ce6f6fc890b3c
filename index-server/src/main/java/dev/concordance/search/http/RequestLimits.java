package dev.concordance.search.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jspecify.annotations.Nullable;

/** Refuses a body by its announced length, with a problem document; the server below would only hang up. */
@ApplicationScoped
public class BodyLimit {
    private static final int LIMIT = 1 << 20;
    /** So much is read and thrown away, so that the sender gets to reading the answer; of more the connection is closed. */
    private static final int BORNE = 16 << 20;

    void register(@Observes Router router) {
        router.route("/v1/*").order(Integer.MIN_VALUE).handler(BodyLimit::check);
    }

    private static void check(RoutingContext context) {
        var length = length(context.request().getHeader(HttpHeaders.CONTENT_LENGTH));
        if (length <= LIMIT) {
            context.next();
            return;
        }
        var requestId = RequestId.of(context.request().getHeader(RequestId.HEADER));
        var response = context.response()
                .setStatusCode(Problem.TOO_LARGE)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(RequestId.HEADER, requestId);
        if (length > BORNE) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        } else {
            context.request().resume();
        }
        response.end(Problem.tooLarge(LIMIT).json(requestId));
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
