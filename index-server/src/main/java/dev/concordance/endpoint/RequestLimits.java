package dev.concordance.endpoint;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Refuses with a problem document what the server below would refuse without one: a body by its announced length, a long
 * path, long headers. The server's own limits are higher, and there it only hangs up.
 */
@ApplicationScoped
public class RequestLimits {
    /** So much is read and thrown away, so that the sender gets to reading the answer; of more the connection is closed. */
    private static final int BORNE = 16 << 20;

    private static final int URI = 4 << 10;
    private static final int HEADERS = 16 << 10;

    void register(
            @Observes Router router, @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most) {
        router.route().order(Integer.MIN_VALUE).handler(context -> check(context, most.asLongValue()));
    }

    private static void check(RoutingContext context, long most) {
        var request = context.request();
        var length = length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
        if (request.uri().length() > URI) {
            refuse(context, length, Problem.longUri(URI));
        } else if (headers(context) > HEADERS) {
            refuse(context, length, Problem.longHeaders(HEADERS));
        } else if (length > most) {
            refuse(context, length, Problem.tooLarge(most));
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
        response.end(problem.document(requestId).toString());
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
