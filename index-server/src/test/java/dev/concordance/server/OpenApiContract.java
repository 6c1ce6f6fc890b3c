package dev.concordance.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.testing.ServerProcess;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** What the server says of itself at /openapi, to hold its answers against. */
final class OpenApiContract {
    static final String SEARCH = "/v1/namespaces/{namespace}/corpora/{corpus}/search";

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode document;

    OpenApiContract(String json) {
        try {
            document = ManifestJson.mapper().readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where an answer is not as declared, fields that aren't declared included; empty: it is. */
    Set<String> violations(String path, String method, ServerProcess.Answer answer) {
        var response = resolved(
                document.path("paths").path(path).path(method).path("responses").path(String.valueOf(answer.status())));
        var violations = new TreeSet<String>();
        var type = answer.type().replaceAll(";.*", "");
        if (!response.path("content").has(type)) {
            violations.add(answer.status() + " " + type + " is not declared");
            return violations;
        }
        response.path("headers").fieldNames().forEachRemaining(name -> {
            if (answer.headers().firstValue(name).isEmpty()) {
                violations.add("the header " + name + " is missing");
            }
        });
        violations.addAll(violations(
                response.path("content").path(type).path("schema").path("$ref").asText(), answer.body()));
        return violations;
    }

    /** Whether a request is as declared. */
    boolean allows(JsonNode request) {
        return violations("#/components/schemas/SearchRequest", request).isEmpty();
    }

    private Set<String> violations(String reference, JsonNode value) {
        var schema = ManifestJson.mapper().createObjectNode();
        schema.put("$ref", reference);
        schema.set("components", closed(document.path("components").deepCopy()));
        var violations = new TreeSet<String>();
        SCHEMAS.getSchema(schema).validate(value).stream()
                .map(ValidationMessage::getMessage)
                .forEach(violations::add);
        return violations;
    }

    private JsonNode resolved(JsonNode node) {
        var reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    /** Clients must bear fields that they don't know; the server must not have fields that it doesn't declare. */
    private static JsonNode closed(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(OpenApiContract::closed);
        return node;
    }
}
