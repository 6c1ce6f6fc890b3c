package dev.concordance.e2e;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the API server is asked and has to say, from {@code admission/<kind>.yaml}: each case is the kind's example with a
 * merge patch (RFC 7386) applied.
 */
record AdmissionCases(
        String kind,
        String plural,
        ObjectNode example,
        List<Case> accepted,
        List<Case> refused,
        List<Case> unchangeable) {
    static final String API_VERSION = "concordance.dev/v1alpha1";

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<String> FILES = List.of(
            "chunkingpolicy", "corpus", "embeddingmodel", "erasure", "ingestionrun", "queryserver", "searchcluster");

    /**
     * One object.
     *
     * @param name what is special about it
     * @param with the patch
     * @param from for an update: the patch that gives the object before it
     * @param says part of the refusal
     */
    record Case(
            @JsonProperty("case") String name,
            ObjectNode with,
            @Nullable ObjectNode from,
            @Nullable String says) {}

    static List<AdmissionCases> all() {
        return FILES.stream().map(AdmissionCases::read).toList();
    }

    /** Where objects of the kind are created. */
    String path(String namespace) {
        return "/apis/" + API_VERSION + "/namespaces/" + namespace + "/" + plural;
    }

    ObjectNode object() {
        var object = example.deepCopy();
        object.put("apiVersion", API_VERSION).put("kind", kind);
        return object;
    }

    /** All objects that are accepted. */
    Stream<ObjectNode> valid() {
        return Stream.concat(Stream.of(object()), accepted.stream().map(valid ->
                (ObjectNode) merged(object(), valid.with())));
    }

    static JsonNode merged(JsonNode target, @Nullable JsonNode patch) {
        if (patch == null) {
            return target;
        }
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        var result = target instanceof ObjectNode object ? object.deepCopy() : YAML.createObjectNode();
        for (var change : changes.properties()) {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                result.set(change.getKey(), merged(result.path(change.getKey()), change.getValue()));
            }
        }
        return result;
    }

    private static AdmissionCases read(String file) {
        try (var in = AdmissionCases.class.getResourceAsStream("/admission/" + file + ".yaml")) {
            return YAML.readValue(in, AdmissionCases.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
