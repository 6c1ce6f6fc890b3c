package dev.concordance.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.OversizedContent;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads entries of a source as documents. */
final class DocumentReader {
    private DocumentReader() {}

    /**
     * Reads an entry that isn't known to be unreadable. An IOException is the source's failure, which says nothing of the
     * document.
     */
    static SourceDocument read(SourceManifest source, Entry entry, Content content)
            throws UnreadableDocument, IOException {
        return switch (entry) {
            case Entry.Line line -> line(source, line, bytes(content));
            case Entry.Row row -> row(source, row, bytes(content));
            default -> new SourceDocument(Parser.parse(entry.id(), bytes(content)), uri(source, entry.id()));
        };
    }

    /** A row's text is a document of the declared format; what stands in columns wins over what stands in the text. */
    private static SourceDocument row(SourceManifest source, Entry.Row row, byte[] bytes)
            throws UnreadableDocument, IOException {
        var format = source.location() instanceof SourceManifest.Jdbc jdbc ? jdbc.format() : Format.text;
        var json = ManifestJson.mapper().readTree(bytes);
        var title = string(json, "title");
        var uri = string(json, "uri");
        var text = json.path("text").asText();
        var metadata = new LinkedHashMap<String, Object>();
        json.path("metadata").properties().forEach(entry -> put(metadata, entry.getKey(), entry.getValue()));
        var parsed = switch (format) {
            case text -> Parser.parseText(text, title == null ? row.id() : title, metadata);
            case markdown -> markup(".md", row, text, title, metadata);
            case html -> markup(".html", row, text, title, metadata);
        };
        return new SourceDocument(parsed, uri == null ? uri(source, row.id()) : uri);
    }

    private static ParsedDocument markup(
            String extension, Entry.Row row, String text, @Nullable String title, Map<String, Object> metadata)
            throws UnreadableDocument {
        return Parser.parse(row.id() + extension, text.getBytes(StandardCharsets.UTF_8))
                .with(title, metadata);
    }

    private static SourceDocument line(SourceManifest source, Entry.Line line, byte[] bytes)
            throws UnreadableDocument, IOException {
        var fields = Objects.requireNonNull(source.jsonl(), "a source without it lists no lines");
        var json = ManifestJson.mapper().readTree(bytes);
        var title = string(json, fields.titleField());
        var uri = string(json, fields.uriField());
        var parsed = Parser.parseText(
                json.path(fields.textField()).asText(), title == null ? line.id() : title, metadata(json, fields));
        return new SourceDocument(parsed, uri == null ? uri(source, line.id()) : uri);
    }

    private static byte[] bytes(Content content) throws UnreadableDocument, IOException {
        try {
            return content.read();
        } catch (OversizedContent e) {
            throw new UnreadableDocument(QuarantineReason.TooLarge, e.explanation());
        }
    }

    private static Map<String, Object> metadata(JsonNode json, SourceManifest.JsonLines fields) {
        var values = new LinkedHashMap<String, Object>();
        if (fields.metadataFields().isEmpty()) {
            json.path("metadata").properties().forEach(entry -> put(values, entry.getKey(), entry.getValue()));
        }
        fields.metadataFields().forEach(name -> put(values, name, json.path(name)));
        return values;
    }

    private static void put(Map<String, Object> values, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            values.put(name, ManifestJson.mapper().convertValue(value, Object.class));
        }
    }

    private static @Nullable String string(JsonNode json, @Nullable String field) {
        var value = field == null ? null : json.get(field);
        return value == null || !value.isTextual() || value.asText().isBlank() ? null : value.asText();
    }

    private static String uri(SourceManifest source, String id) {
        var template = source.uriTemplate();
        return template == null ? id : template.replace("{path}", encoded(id)).replace("{id}", encoded(id));
    }

    /** Percent-encoded, with slashes as they are. */
    private static String encoded(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment ->
                        URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
