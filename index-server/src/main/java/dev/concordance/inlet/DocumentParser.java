package dev.concordance.inlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.access.Acl;
import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Change;
import dev.concordance.index.DocumentKey;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.Tombstones;
import dev.concordance.manifest.UriTemplate;
import dev.concordance.source.Collected;
import dev.concordance.source.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads pushed documents strictly: a field that isn't known, or has no effect, is an error that names it. Throws {@link Problem}.
 *
 * @param documentLevel whether documents say who may see them
 * @param maxBytes of a document's content
 * @param tombstones of documents that aren't taken
 */
record DocumentParser(InletTable.Source source, boolean documentLevel, long maxBytes, Tombstones tombstones) {
    /** Bytes of everything but the content. */
    private static final int MOST_BESIDE = 64 << 10;

    private static final int DEEPEST = 32;
    private static final String CONTENT = "content";
    private static final String FORMAT = "format";
    private static final String METADATA = "metadata";
    private static final String ACCESS = "access";
    private static final List<String> TEXTS = List.of(CONTENT, FORMAT, "title", "uri");
    private static final Set<String> FIELDS = Set.of(CONTENT, FORMAT, "title", "uri", METADATA, ACCESS);
    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /** Most bytes that a document can take as JSON, where characters are escaped. */
    long mostJson() {
        return 2 * maxBytes + MOST_BESIDE;
    }

    /** The JSON object of these bytes. */
    static ObjectNode object(byte[] bytes) {
        try {
            if (READER.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
            throw Problem.invalid("body: expected a JSON object", "body");
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw Problem.invalid(
                    "body: is not valid JSON (line %d, column %d), has a field twice, or is nested deeper than %d"
                            .formatted(
                                    where == null ? 1 : where.getLineNr(),
                                    where == null ? 1 : where.getColumnNr(),
                                    DEEPEST),
                    "body");
        } catch (IOException e) {
            throw Problem.invalid("body: could not be read", "body");
        }
    }

    static String id(String id) {
        if (!Collected.isId(id)) {
            throw Problem.invalid(
                    "id: expected 1 to 1024 bytes of UTF-8 without control characters, and not unnamed- with a digest: give the document another",
                    "id");
        }
        return id;
    }

    /** Names the first field that isn't one of these. */
    static void requireKnown(ObjectNode json, Set<String> known) {
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw wrong(
                        name,
                        "there is no such field; there are "
                                + known.stream().sorted().toList());
            }
        });
    }

    /** What becomes a document of this id. */
    Change.Document document(String id, ObjectNode json) {
        requireKnown(json, FIELDS);
        TEXTS.stream().filter(json::hasNonNull).forEach(name -> requireText(name, json.path(name)));
        if (!json.hasNonNull(CONTENT)) {
            throw wrong(CONTENT, "is missing: it is the document's text");
        }
        var format = json.path(FORMAT).asText(Format.text.name());
        if (Arrays.stream(Format.values()).noneMatch(known -> known.name().equals(format))) {
            throw wrong(FORMAT, "expected text, markdown or html");
        }
        if (json.hasNonNull(METADATA) && !json.path(METADATA).isObject()) {
            throw wrong(METADATA, "expected an object");
        }
        requireAccess(json);
        json.properties().removeIf(field -> field.getValue().isNull());
        requireNotErased(id, json);
        return document(json, json.path(CONTENT).asText());
    }

    /**
     * Refuses what an Erasure covers, as far as the id and the fields tell; whether what stands in the text makes it one of these, a run
     * finds out.
     */
    private void requireNotErased(String id, JsonNode json) {
        var uri = json.hasNonNull("uri") ? json.path("uri").asText() : UriTemplate.uri(source.uriTemplate(), id);
        if (tombstones.of(DocumentKey.of(source.name(), id), source.name(), id) != null
                || tombstones.ofContent(uri, json.path(METADATA)) != null) {
            throw Problem.gone("an Erasure of the corpus covers this document, so it is not kept");
        }
    }

    /** The same of one that was kept when nothing covered it yet. */
    void requireNotErased(String id, String kept) {
        if (!tombstones.isEmpty()) {
            requireNotErased(id, object(kept.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private Change.Document document(ObjectNode json, String content) {
        var text = json.toString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw Problem.invalid("body: is not valid Unicode: it has half of a surrogate pair", "body");
        }
        var length = content.getBytes(StandardCharsets.UTF_8).length;
        if (length > maxBytes) {
            throw tooLarge("content has %d bytes, more than the %d that the inlet takes: divide the document"
                    .formatted(length, maxBytes));
        }
        var quoted = ManifestJson.mapper().getNodeFactory().textNode(content).toString();
        if (text.length() - quoted.length() > MOST_BESIDE) {
            throw tooLarge(
                    "title, uri, metadata and access have more than %d characters together".formatted(MOST_BESIDE));
        }
        return new Change.Document(text, Hash.of(text.getBytes(StandardCharsets.UTF_8)), length);
    }

    /** Where it would mean nothing it is refused: somebody would rely on it. */
    private void requireAccess(ObjectNode json) {
        var access = json.get(ACCESS);
        if (access == null || access.isNull()) {
            return;
        }
        if (!documentLevel) {
            throw wrong(
                    ACCESS,
                    "everybody may see all of this corpus: leave it out, or declare access.mode: DocumentLevel");
        }
        var problem = Acl.of(ACCESS, ManifestJson.mapper().convertValue(access, Object.class))
                .problem();
        if (problem != null) {
            throw wrong(ACCESS, problem);
        }
    }

    private static void requireText(String name, JsonNode value) {
        if (!value.isTextual() || !name.equals(CONTENT) && value.asText().isBlank()) {
            throw wrong(name, "expected a text that is not empty");
        }
    }

    private static Problem tooLarge(String detail) {
        return new Problem(413, "Content Too Large", detail);
    }

    private static Problem wrong(String field, String message) {
        var named = field.length() <= 200 ? field : field.substring(0, 200) + "…";
        return Problem.invalid(named + ": " + message, named);
    }
}
