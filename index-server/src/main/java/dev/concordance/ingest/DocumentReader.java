package dev.concordance.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.parse.worker.ParserProcess;
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
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads entries of a source as documents. */
final class DocumentReader {
    /** How a source gives a row. */
    private static final SourceManifest.JsonLines ROW =
            new SourceManifest.JsonLines("id", "title", "text", "uri", List.of());

    private final ParserProcess process;
    private final Optional<ParsingService> service;

    /**
     * @param process parses what isn't text
     * @param service reads what it takes
     */
    DocumentReader(ParserProcess process, Optional<ParsingService> service) {
        this.process = process;
        this.service = service;
    }

    /**
     * Reads an entry that isn't known to be unreadable. An IOException is the source's failure, which says nothing of the
     * document.
     */
    SourceDocument read(SourceManifest source, Entry entry, Content content) throws UnreadableDocument, IOException {
        return switch (entry) {
            case Entry.Line line ->
                json(source, line.id(), bytes(content), Objects.requireNonNull(source.jsonl()), Format.text);
            case Entry.Row row -> json(source, row.id(), bytes(content), ROW, format(source));
            case Entry.Page page -> 
                new SourceDocument(parsed(page.name(), bytes(content), Parser::parsePage), page.id());
            default -> new SourceDocument(parsed(entry.id(), bytes(content), Parser::parse), uri(source, entry.id()));
        };
    }


    /** Parses text. */
    private interface TextParser {
        ParsedDocument parse(String path, byte[] bytes) throws UnreadableDocument;
    }

    private ParsedDocument parsed(String path, byte[] bytes, TextParser text) throws UnreadableDocument, IOException {
        var name = path.substring(path.lastIndexOf('/') + 1);
        if (service.isPresent() && service.get().takes(name, bytes)) {
            return process.parseAnswer(name, service.get().convert(name, bytes));
        }
        return OfficeFormats.isOne(path, bytes) ? process.parse(name, bytes) : text.parse(path, bytes);
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
        return new SourceDocument(parsed, uri == null ? uri(source, id) : uri);
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
