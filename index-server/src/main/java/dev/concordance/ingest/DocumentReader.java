package dev.concordance.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.access.AccessRules;
import dev.concordance.access.Acl;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads entries of a source as documents. */
final class DocumentReader {
    /** How a source gives a row. */
    private static final SourceManifest.JsonLines ROW =
            new SourceManifest.JsonLines("id", "title", "text", "uri", List.of());

    private DocumentReader() {}

    /**
     * Reads an entry that isn't known to be unreadable. An IOException is the source's failure, which says nothing of the
     * document.
     *
     * @param rules those of the source's access file; null: there is none
     */
    static SourceDocument read(SourceManifest source, Entry entry, Content content, @Nullable AccessRules rules)
            throws UnreadableDocument, IOException {
        return switch (entry) {
            case Entry.Line line ->
                json(source, line.id(), bytes(content), Objects.requireNonNull(source.jsonl()), Format.text);
            case Entry.Row row -> json(source, row.id(), bytes(content), ROW, format(source));
            default -> file(source, entry.id(), bytes(content), rules);
        };
    }

    private static SourceDocument file(SourceManifest source, String path, byte[] bytes, @Nullable AccessRules rules)
            throws UnreadableDocument {
        var parsed = Parser.parse(path, bytes);
        var access = source.access();
        if (access == null) {
            return new SourceDocument(parsed, uri(source, path), null);
        }
        var acl = access.file() == null
                ? Acl.of(access.field(), parsed.metadata().get(access.field()))
                : Objects.requireNonNull(rules).of(path);
        return new SourceDocument(parsed.without(access.field()), uri(source, path), acl);
    }

    private static Format format(SourceManifest source) {
        return source.location() instanceof SourceManifest.Jdbc jdbc ? jdbc.format() : Format.text;
    }

    /** What stands in fields wins over what stands in the text. */
    private static SourceDocument json(
            SourceManifest source, String id, byte[] bytes, SourceManifest.JsonLines fields, Format format)
            throws UnreadableDocument, IOException {
        var json = ManifestJson.mapper().readTree(bytes);
        var title = string(json, fields.titleField());
        var uri = string(json, fields.uriField());
        var text = json.path(fields.textField()).asText();
        var metadata = metadata(json, fields);
        var parsed = switch (format) {
            case text -> Parser.parseText(text, title == null ? id : title, metadata);
            case markdown -> markup(id + ".md", text).with(title, metadata);
            case html -> markup(id + ".html", text).with(title, metadata);
        };
        var address = uri == null ? uri(source, id) : uri;
        var access = source.access();
        return access == null
                ? new SourceDocument(parsed, address, null)
                : new SourceDocument(parsed.without(access.field()), address, acl(json, fields, access.field()));
    }

    /** Never what stands in the text: who writes it doesn't say who may see it. */
    private static Acl acl(JsonNode json, SourceManifest.JsonLines fields, String field) {
        var own = fields.equals(ROW) ? null : json.get(field);
        var value = own == null ? json.path("metadata").path(field) : own;
        return Acl.of(
                field,
                value.isMissingNode() || value.isNull()
                        ? null
                        : ManifestJson.mapper().convertValue(value, Object.class));
    }

    private static ParsedDocument markup(String name, String text) throws UnreadableDocument {
        return Parser.parse(name, text.getBytes(StandardCharsets.UTF_8));
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
