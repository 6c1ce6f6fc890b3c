package dev.concordance.search.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.access.Caller;
import dev.concordance.endpoint.Problem;
import dev.concordance.endpoint.RequestId;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.RequestParser;
import dev.concordance.search.SearchException;
import dev.concordance.search.SearchResponse;
import dev.concordance.search.SearchService;
import io.quarkus.resteasy.reactive.server.EndpointDisabled;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The search API. */
@Path("/v1")
@EndpointDisabled(name = "concordance.role", stringValue = "inlet")
public final class SearchResource {
    private static final System.Logger LOG = System.getLogger(SearchResource.class.getName());

    private final Served served;
    private final SearchService searches;
    private final SearchRecords records;

    public SearchResource(Served served, SearchService searches, SearchRecords records) {
        this.served = served;
        this.searches = searches;
        this.records = records;
    }

    /** Searches a corpus. The body is taken whatever its type is said to be, so that a wrong one gets its own error. */
    @POST
    @Path("/namespaces/{namespace}/corpora/{corpus}/search")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response search(
            @PathParam("namespace") String namespace,
            @PathParam("corpus") String corpus,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            @Context HttpHeaders headers,
            InputStream body) {
        var seen = new SearchRecords.Seen(RequestId.of(headers.getHeaderString(RequestId.HEADER)), System.nanoTime());
        try {
            var state = served.state();
            var sender = Sender.of(state.tokens(), authorization, corpus, Sender.named(headers));
            seen.sender = sender.name();
            var route = route(state, namespace, corpus);
            seen.route = route;
            requireJson(contentType);
            var response = answer(state, route, sender.caller(), body, seen);
            seen.response = response;
            return ok(response, seen);
        } catch (SearchException e) {
            return problem(problem(e), seen);
        } catch (Problem e) {
            return problem(e, seen);
        } catch (RuntimeException | JsonProcessingException e) {
            LOG.log(System.Logger.Level.ERROR, "search failed requestId=" + seen.requestId, e);
            return problem(Problem.internal(), seen);
        } finally {
            records.add(seen);
        }
    }

    /** The corpora that the sender may search. */
    @GET
    @Path("/corpora")
    @Produces(MediaType.APPLICATION_JSON)
    public Response corpora(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(RequestId.HEADER) @Nullable String givenId) {
        var requestId = RequestId.of(givenId);
        try {
            var state = served.state();
            var opened = state.tokens().opened(authorization);
            var json = ManifestJson.mapper().createObjectNode();
            var list = json.putArray("corpora");
            for (var route : state.routing().routes()) {
                if (opened.test(route.corpus())) {
                    list.addObject().put("namespace", route.namespace()).put("corpus", route.corpus());
                }
            }
            return Response.ok(json.toString())
                    .header(RequestId.HEADER, requestId)
                    .build();
        } catch (Problem e) {
            return e.response(requestId);
        }
    }

    private static Route route(Served.State state, String namespace, String corpus) {
        var route = state.routing().route(namespace, corpus);
        if (route == null) {
            throw new Problem(
                    404, "Not Found", "this server has no corpus %s in namespace %s".formatted(corpus, namespace));
        }
        return route;
    }

    private static void requireJson(@Nullable String contentType) {
        var type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase(MediaType.APPLICATION_JSON)) {
            throw new Problem(
                    415, "Unsupported Media Type", "send the search as JSON with Content-Type: application/json");
        }
    }

    private SearchResponse answer(
            Served.State state, Route route, Caller caller, InputStream body, SearchRecords.Seen seen) {
        var limits = state.routing().limits();
        var request = RequestParser.parse(read(body, limits.maxRequestBytes()), route, limits);
        seen.request = request;
        searches.await(served.connection(route.elasticsearch()), route, request);
        if (!state.slots().tryAcquire()) {
            throw Problem.tooMany("%d searches are under way: try again".formatted(limits.maxConcurrent()));
        }
        try {
            return searches.search(
                    served.connection(route.elasticsearch()),
                    route,
                    request,
                    caller,
                    Duration.ofMillis(limits.requestTimeoutMillis()));
        } finally {
            state.slots().release();
        }
    }

    /** No more than is allowed, whatever length is announced. */
    private static byte[] read(InputStream body, int most) {
        try {
            var bytes = body.readNBytes(most + 1);
            if (bytes.length > most) {
                throw Problem.tooLarge(most);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Response ok(SearchResponse response, SearchRecords.Seen seen) throws JsonProcessingException {
        var json = response.json();
        json.put("took", seen.took().toMillis()).put("cache", "none").put("requestId", seen.requestId);
        return Response.ok(ManifestJson.mapper().writeValueAsBytes(json))
                .header(RequestId.HEADER, seen.requestId)
                .build();
    }

    private static Problem problem(SearchException e) {
        var detail = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case INVALID -> Problem.invalid(detail, e.field());
            case UNAVAILABLE -> Problem.unavailable(detail);
            case TIMED_OUT -> Problem.timedOut(detail);
        };
    }

    private static Response problem(Problem problem, SearchRecords.Seen seen) {
        seen.status = problem.status();
        return problem.response(seen.requestId);
    }
}
