package dev.concordance.search.http;

import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.RequestParser;
import dev.concordance.search.SearchException;
import dev.concordance.search.SearchResponse;
import dev.concordance.search.SearchService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The search API. */
@Path("/v1")
public final class SearchResource {
    private static final System.Logger LOG = System.getLogger(SearchResource.class.getName());

    private final Served served;
    private final SearchService searches;
    private final MeterRegistry meters;

    public SearchResource(Served served, SearchService searches, MeterRegistry meters) {
        this.served = served;
        this.searches = searches;
        this.meters = meters;
    }

    /** Searches a corpus. */
    @POST
    @Path("/namespaces/{namespace}/corpora/{corpus}/search")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response search(
            @PathParam("namespace") String namespace,
            @PathParam("corpus") String corpus,
            @HeaderParam("Authorization") @Nullable String authorization,
            @HeaderParam("X-Request-Id") @Nullable String givenId,
            byte[] body) {
        var begin = System.nanoTime();
        var requestId = givenId != null && givenId.matches("[\\w.-]{1,64}")
                ? givenId
                : UUID.randomUUID().toString();
        try {
            var state = served.state();
            var route = route(state, namespace, corpus, authorization);
            var response = answer(state, route, body);
            count(route, "ok", begin);
            var json = response.json();
            json.put("took", (System.nanoTime() - begin) / 1_000_000)
                    .put("cache", "none")
                    .put("requestId", requestId);
            return Response.ok(ManifestJson.mapper().writeValueAsBytes(json))
                    .header("X-Request-Id", requestId)
                    .build();
        } catch (Problem e) {
            return e.response(requestId);
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "search failed requestId=" + requestId, e);
            return new Problem(500, "Internal Server Error", "the search failed, which is a bug; see the server's log")
                    .response(requestId);
        }
    }

    /** The corpora that the sender may search. */
    @GET
    @Path("/corpora")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response corpora(@HeaderParam("Authorization") @Nullable String authorization) {
        var requestId = UUID.randomUUID().toString();
        try {
            var state = served.state();
            var json = ManifestJson.mapper().createObjectNode();
            var list = json.putArray("corpora");
            for (var route : state.routing().routes()) {
                if (mayRead(state, authorization, route.corpus())) {
                    list.addObject().put("namespace", route.namespace()).put("corpus", route.corpus());
                }
            }
            return Response.ok(json.toString()).build();
        } catch (Problem e) {
            return e.response(requestId);
        }
    }

    private static boolean mayRead(Served.State state, @Nullable String authorization, String corpus) {
        try {
            state.tokens().check(authorization, corpus);
            return true;
        } catch (Problem e) {
            if (e.status() == 403) {
                return false;
            }
            throw e;
        }
    }

    private static Route route(Served.State state, String namespace, String corpus, @Nullable String authorization) {
        state.tokens().check(authorization, corpus);
        var route = state.routing().route(namespace, corpus);
        if (route == null) {
            throw new Problem(
                    404, "Not Found", "this server has no corpus %s in namespace %s".formatted(corpus, namespace));
        }
        return route;
    }

    private SearchResponse answer(Served.State state, Route route, byte[] body) {
        var limits = state.routing().limits();
        if (body.length > limits.maxRequestBytes()) {
            throw new Problem(
                    413, "Content Too Large", "the request has more than %d bytes".formatted(limits.maxRequestBytes()));
        }
        var begin = System.nanoTime();
        try {
            var request = RequestParser.parse(body, route, limits);
            if (!state.slots().tryAcquire()) {
                throw new Problem(
                        429,
                        "Too Many Requests",
                        "%d searches are under way: try again".formatted(limits.maxConcurrent()));
            }
            try {
                return searches.search(
                        served.connection(route.elasticsearch()),
                        route,
                        request,
                        Duration.ofMillis(limits.requestTimeoutMillis()));
            } finally {
                state.slots().release();
            }
        } catch (SearchException e) {
            count(route, e.kind().name().toLowerCase(java.util.Locale.ROOT), begin);
            throw problem(e);
        }
    }

    private static Problem problem(SearchException e) {
        var detail = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case INVALID -> new Problem(400, "Bad Request", detail, e.field());
            case TOO_MANY -> new Problem(429, "Too Many Requests", detail);
            case UNAVAILABLE -> new Problem(503, "Service Unavailable", detail);
            case TIMED_OUT -> new Problem(504, "Gateway Timeout", detail);
        };
    }

    private void count(Route route, String outcome, long begin) {
        Timer.builder("concordance.search")
                .description("Searches by corpus and outcome")
                .tag("namespace", route.namespace())
                .tag("corpus", route.corpus())
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .register(meters)
                .record(Duration.ofNanos(System.nanoTime() - begin));
    }
}
