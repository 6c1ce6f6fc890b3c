package dev.concordance.endpoint;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Makes what goes wrong outside of a resource a problem document too, and never one with a stack trace. */
public final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final Map<Integer, String> REMEDIES = Map.of(
            404, "there is nothing at this path: /openapi lists what there is",
            405, "this path does not take this method: /openapi lists what there is",
            406, "answers are application/json: accept it",
            413, "the request has too many bytes");

    /** An error of the HTTP layer. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException e, HttpHeaders headers) {
        var status = e.getResponse().getStatus();
        var title = Response.Status.fromStatusCode(status);
        return new Problem(
                        status,
                        title == null ? "Error" : title.getReasonPhrase(),
                        REMEDIES.getOrDefault(status, "the request can't be answered"))
                .response(RequestId.of(headers.getHeaderString(RequestId.HEADER)));
    }

    /** A bug. */
    @ServerExceptionMapper
    public Response failed(RuntimeException e, HttpHeaders headers) {
        var requestId = RequestId.of(headers.getHeaderString(RequestId.HEADER));
        LOG.log(System.Logger.Level.ERROR, "request failed requestId=" + requestId, e);
        return Problem.internal().response(requestId);
    }
}
