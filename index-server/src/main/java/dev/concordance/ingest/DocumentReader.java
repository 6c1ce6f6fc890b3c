package dev.concordance.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.access.AccessRules;
import dev.concordance.access.Acl;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.manifest.UriTemplate;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads entries of a source as documents. */
final class DocumentReader implements AutoCloseable {
    /** How a source gives a row. */
    private static final SourceManifest.JsonLines ROW =
            new SourceManifest.JsonLines("id", "title", "text", "uri", List.of());

    private final ParserProcess process;
    private final @Nullable Supplier<ParsingService> opening;
    private @Nullable ParsingService service;

    /** Parses text. */
    private interface TextParser {
        ParsedDocument parse(String path, byte[] bytes) throws UnreadableDocument;
    }

    /**
     * @param process parses what isn't text, or needs more of a parser
     * @param opening of the service that reads what it takes, for the first document; null: there is none
     */
    DocumentReader(ParserProcess process, @Nullable Supplier<ParsingService> opening) {
        this.process = process;
        this.opening = opening;
    }

    private synchronized Optional<ParsingService> service() {
        if (service == null && opening != null) {
            service = opening.get();
        }
        return Optional.ofNullable(service);
    }

    @Override
    public synchronized void close() {
        if (service != null) {
            service.close();
        }
    }

    /**
     * Reads an entry that isn't known to be unreadable. An IOException is the source's failure, which says nothing of the
     * document.
     *
     * @param rules those of the source's access file; null: there is none
     */
    SourceDocument read(SourceManifest source, Entry entry, byte[] bytes, @Nullable AccessRules rules)
            throws UnreadableDocument, IOException {
        return switch (entry) {
            case Entry.Line line ->
                source.location() instanceof Kafka kafka
                        ? value(source, line.id(), bytes, kafka)
                        : json(source, line.id(), tree(bytes), Objects.requireNonNull(source.jsonl()), Format.text);
            case Entry.Row row -> row(source, row.id(), tree(bytes));
            case Entry.Page page -> {
                var parsed = parsed(page.name(), bytes, Parser::parsePage);
                yield document(source, page.id(), parsed, page.id(), null);
            }
            default -> {
                var parsed = parsed(entry.id(), bytes, Parser::parse);
                yield document(source, entry.id(), parsed, UriTemplate.uri(source.uriTemplate(), entry.id()), rules);
            }
        };
    }

    /** A document that says itself who may see it, or whose path does. */
    private static SourceDocument document(
            SourceManifest source,
            String id,
            ParsedDocument parsed,
            @Nullable String uri,
            @Nullable AccessRules rules) {
        var access = source.access();
        if (access == null) {
            return new SourceDocument(parsed, uri, null);
        }
        var acl = access.file() == null
                ? Acl.of(access.field(), parsed.metadata().get(access.field()))
                : Objects.requireNonNull(rules).of(id);
        return new SourceDocument(parsed.without(access.field()), uri, acl);
    }

    private ParsedDocument parsed(String path, byte[] bytes, TextParser text) throws UnreadableDocument, IOException {
        var name = path.substring(path.lastIndexOf('/') + 1);
        var asked = service().filter(one -> one.takes(name, bytes));
        if (asked.isPresent()) {
            return process.parseAnswer(name, asked.get().convert(name, bytes));
        }
        return OfficeFormats.isOne(path, bytes) || Parser.isParsedApart(path)
                ? process.parse(name, bytes)
                : text.parse(path, bytes);
    }

    /** Each pushed document says what it is written in. */
    static SourceDocument row(SourceManifest source, String id, JsonNode json) throws UnreadableDocument {
        var format = source.location() instanceof SourceManifest.Jdbc jdbc
                ? jdbc.format()
                : Format.valueOf(json.path("format").asText(Format.text.name()));
        return json(source, id, json, ROW, format);
    }

    /** The fields beside the text of something pushed, which are there to go by even where it can't be parsed. */
    static SourceDocument fields(SourceManifest source, String id, JsonNode json) {
        var beside = ParsedDocument.ofMetadata(id, metadata(json, ROW));
        var access = source.access();
        return new SourceDocument(
                access == null ? beside : beside.without(access.field()), uri(source, id, json, ROW), null);
    }

    private static String uri(SourceManifest source, String id, JsonNode json, SourceManifest.JsonLines fields) {
        var uri = string(json, fields.uriField());
        return uri == null ? UriTemplate.uri(source.uriTemplate(), id) : uri;
    }

    /** What stands in fields wins over what stands in the text. */
    private static SourceDocument json(
            SourceManifest source, String id, JsonNode json, SourceManifest.JsonLines fields, Format format)
            throws UnreadableDocument {
        var title = string(json, fields.titleField());
        var text = json.path(fields.textField()).asText();
        var metadata = metadata(json, fields);
        var parsed = switch (format) {
            case text -> Parser.parseText(text, title == null ? id : title, metadata);
            case markdown, html -> markup(id + extension(format), text).with(title, metadata);
        };
        var address = uri(source, id, json, fields);
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

    /** The value of a record, which whoever wrote it made, so that nothing of it is sure. */
    private static SourceDocument value(SourceManifest source, String id, byte[] bytes, Kafka kafka)
            throws UnreadableDocument {
        var fields = kafka.json();
        if (fields == null) {
            var parsed = Parser.parse(id + extension(kafka.format()), bytes);
            var title = kafka.format() == Format.text ? id : null;
            return document(source, id, parsed.with(title, Map.of()), UriTemplate.uri(source.uriTemplate(), id), null);
        }
        var json = object(bytes);
        if (!json.path(fields.textField()).isTextual()) {
            throw new UnreadableDocument(
                    QuarantineReason.MissingText,
                    "its value has no string %s, which kafka.json.contentField declares: add it"
                            .formatted(fields.textField()));
        }
        return json(source, id, json, fields, kafka.format());
    }

    private static String extension(Format format) {
        return switch (format) {
            case text -> ".txt";
            case markdown -> ".md";
            case html -> ".html";
        };
    }

    private static JsonNode object(byte[] bytes) throws UnreadableDocument {
        try {
            var json = ManifestJson.mapper().readTree(bytes);
            if (json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            throw brokenJson();
        }
        throw brokenJson();
    }

    private static UnreadableDocument brokenJson() {
        return new UnreadableDocument(
                QuarantineReason.BrokenJson,
                "its value is not a JSON object: correct it, or take kafka.json out if values are no JSON");
    }

    static JsonNode tree(byte[] bytes) throws IOException {
        return ManifestJson.mapper().readTree(bytes);
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
}
