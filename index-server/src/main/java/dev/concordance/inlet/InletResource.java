package dev.concordance.inlet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.endpoint.Problem;
import dev.concordance.endpoint.RequestId;
import dev.concordance.inbox.Busy;
import dev.concordance.inbox.Change;
import dev.concordance.inbox.MissingInbox;
import dev.concordance.inbox.Outcome;
import io.quarkus.resteasy.reactive.server.EndpointDisabled;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The API for pushing. */
@Path("/v1/namespaces/{namespace}/corpora/{corpus}/sources/{source}")
@EndpointDisabled(name = "concordance.role", stringValue = "serve", disableIfMissing = true)
public final class InletResource {
    /** Bytes of a body, as it is sent, at most. */
    public static final long BODY_BYTES = 96L << 20;

    /** Bytes of a document's content at most: Elasticsearch takes requests up to 100 MB, in which characters are escaped. */
    private static final long DOCUMENT_BYTES = 16L << 20;

    /** Bytes of a batch at most, once it is decompressed. */
    private static final long BATCH_BYTES = 64L << 20;

    private static final System.Logger LOG = System.getLogger(InletResource.class.getName());
    private static final String NDJSON = "application/x-ndjson";
    /** So much of the memory is for requests; the rest is for everything else. */
    private static final double SHARE = 0.6;

    /** What is read is copied less often than what is written, and seldom as large as it may be. */
    private static final int GET_SHARE = 4;

    private final Receiving receiving;
    private final InletMeters meters;
    private final Room room = new Room((long) (Runtime.getRuntime().maxMemory() * SHARE));

    public InletResource(Receiving receiving, InletMeters meters) {
        this.receiving = receiving;
        this.meters = meters;
    }

    /** What a request is about. */
    private record Asked(String namespace, String corpus, String source, String requestId, HttpHeaders headers) {
        @Nullable
        String header(String name) {
            return headers.getHeaderString(name);
        }
    }

    /** What answers a request once its sender is known. */
    private interface Answering {
        Response answer(Receiving.State state, String sender) throws IOException;
    }

    /** Makes or replaces a document. */
    @PUT
    @Path("/documents/{id:.+}")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response put(
            @PathParam("namespace") String namespace,
            @PathParam("corpus") String corpus,
            @PathParam("source") String source,
            @PathParam("id") String id,
            @Context HttpHeaders headers,
            InputStream in) {
        var asked = asked(namespace, corpus, source, headers);
        return answer("put", asked, (state, sender) -> {
            requireType(asked, MediaType.APPLICATION_JSON, "the document as JSON");
            var parser = parser(state, source);
            return room.hold(size(asked, parser.mostJson()), () -> {
                try (var body = Body.open(in, asked.header(HttpHeaders.CONTENT_ENCODING), parser.mostJson())) {
                    var document = parser.document(DocumentParser.id(id), DocumentParser.object(body.all()));
                    return change(state, asked, sender, id, document);
                }
            });
        });
    }

    /** Deletes a document. */
    @DELETE
    @Path("/documents/{id:.+}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response delete(
            @PathParam("namespace") String namespace,
            @PathParam("corpus") String corpus,
            @PathParam("source") String source,
            @PathParam("id") String id,
            @Context HttpHeaders headers) {
        var asked = asked(namespace, corpus, source, headers);
        return answer("delete", asked, (state, sender) -> change(state, asked, sender, id, null));
    }

    /** A document as it was pushed. */
    @GET
    @Path("/documents/{id:.+}")
    @Produces(MediaType.APPLICATION_JSON)
    public Response get(
            @PathParam("namespace") String namespace,
            @PathParam("corpus") String corpus,
            @PathParam("source") String source,
            @PathParam("id") String id,
            @Context HttpHeaders headers) {
        var asked = asked(namespace, corpus, source, headers);
        return answer("get", asked, (state, sender) -> {
            var parser = parser(state, source);
            return room.hold(parser.maxBytes() / GET_SHARE, () -> {
                var found = state.reader().documents(source, List.of(DocumentParser.id(id)));
                if (found.isEmpty()) {
                    throw Answers.problem(new Outcome.Missing());
                }
                parser.requireNotErased(id, found.getFirst().json());
                return Response.ok(found.getFirst().json())
                        .header(RequestId.HEADER, asked.requestId())
                        .header(HttpHeaders.ETAG, Answers.tag(found.getFirst().version()))
                        .build();
            });
        });
    }

    /** Many changes, a line each. */
    @POST
    @Path("/batch")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response batch(
            @PathParam("namespace") String namespace,
            @PathParam("corpus") String corpus,
            @PathParam("source") String source,
            @Context HttpHeaders headers,
            InputStream in) {
        var asked = asked(namespace, corpus, source, headers);
        return answer("batch", asked, (state, sender) -> {
            requireType(asked, NDJSON, "a change a line");
            var parser = parser(state, source);
            var requests = Requests.of(asked.header(Requests.HEADER), sender);
            var answers = answers(state);
            var batch = new Batch(
                    source, requests, parser, state, answers, (item, status) -> meters.document(source, status));
            return room.hold(size(asked, parser.mostJson()), () -> {
                try (var body = Body.open(in, asked.header(HttpHeaders.CONTENT_ENCODING), BATCH_BYTES)) {
                    return told(batch, body, asked);
                }
            });
        });
    }

    private static Response told(Batch batch, Body body, Asked asked) {
        try {
            batch.read(body);
        } catch (Problem | Busy | ElasticsearchException stopped) {
            var problem = problem(stopped);
            var json = problem.document(asked.requestId());
            json.setAll(batch.result());
            return Response.fromResponse(problem.response(asked.requestId()))
                    .entity(json.toString())
                    .build();
        }
        var json = batch.result().put("requestId", asked.requestId());
        var response = Response.status(batch.isWhole() ? 200 : 207)
                .header(RequestId.HEADER, asked.requestId())
                .entity(json.toString());
        if (json.has("position")) {
            response.header(Answers.POSITION, json.path("position").asText());
        }
        return response.build();
    }

    private Response change(
            Receiving.State state, Asked asked, String sender, String id, Change.@Nullable Document document) {
        var ifMatch = asked.header(HttpHeaders.IF_MATCH);
        var ifNoneMatch = asked.header(HttpHeaders.IF_NONE_MATCH);
        var change = new Change(
                asked.source(),
                DocumentParser.id(id),
                document,
                Conditions.of(ifMatch, ifNoneMatch),
                Requests.of(asked.header(Requests.HEADER), sender).request(ifMatch, ifNoneMatch, document));
        var answers = answers(state);
        var outcome = state.inbox().apply(List.of(change)).getFirst();
        if (!(outcome instanceof Outcome.Done done)) {
            var problem = Answers.problem(outcome);
            meters.document(asked.source(), problem.status());
            var now = Answers.now(outcome);
            var refusal = problem.response(asked.requestId());
            return now == null
                    ? refusal
                    : Response.fromResponse(refusal)
                            .header(HttpHeaders.ETAG, Answers.tag(now))
                            .build();
        }
        ObjectNode json = answers.done(change, done).put("requestId", asked.requestId());
        var status = json.path("status").asInt();
        json.remove("status");
        meters.document(asked.source(), status);
        var response = Response.status(status)
                .header(RequestId.HEADER, asked.requestId())
                .header(Answers.POSITION, json.path("position").asText())
                .entity(json.toString());
        return document == null
                ? response.build()
                : response.header(HttpHeaders.ETAG, Answers.tag(done.version())).build();
    }

    private Response answer(String operation, Asked asked, Answering answering) {
        var begun = System.nanoTime();
        var response = response(operation, asked, answering);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        meters.request(operation, response.getStatus(), took);
        if (response.getStatus() >= 500) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} status={1} ms={2} requestId={3}",
                    operation,
                    String.valueOf(response.getStatus()),
                    String.format(Locale.ROOT, "%.1f", took.toNanos() / 1e6),
                    asked.requestId());
        }
        return response;
    }

    private Response response(String operation, Asked asked, Answering answering) {
        try {
            var state = receiving.state();
            var sender = state.sender(
                    asked.header(HttpHeaders.AUTHORIZATION), asked.namespace(), asked.corpus(), asked.source());
            return answering.answer(state, sender);
        } catch (Problem | Busy | MissingInbox | ElasticsearchException e) {
            return problem(e).response(asked.requestId());
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, operation + " failed requestId=" + asked.requestId(), e);
            return Problem.internal().response(asked.requestId());
        }
    }

    private static Problem problem(RuntimeException e) {
        return e instanceof Problem problem ? problem : Problem.unavailable(String.valueOf(e.getMessage()));
    }

    private static Asked asked(String namespace, String corpus, String source, HttpHeaders headers) {
        return new Asked(namespace, corpus, source, RequestId.of(headers.getHeaderString(RequestId.HEADER)), headers);
    }

    private static DocumentParser parser(Receiving.State state, String source) {
        var table = state.table();
        return new DocumentParser(
                table.source(source),
                table.documentLevel(),
                Math.min(table.maxDocumentBytes(), DOCUMENT_BYTES),
                table.tombstones());
    }

    /** Bytes that are held at a time at most: what was announced, unless it is compressed. */
    private static long size(Asked asked, long most) {
        var length = asked.headers().getLength();
        return length < 0 || asked.header(HttpHeaders.CONTENT_ENCODING) != null ? most : Math.min(most, length);
    }

    private static Answers answers(Receiving.State state) {
        return new Answers(state.reader().position().inbox());
    }

    private static void requireType(Asked asked, String wanted, String what) {
        var type = asked.header(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(wanted)) {
            throw new Problem(415, "Unsupported Media Type", "send %s with Content-Type: %s".formatted(what, wanted));
        }
    }
}
