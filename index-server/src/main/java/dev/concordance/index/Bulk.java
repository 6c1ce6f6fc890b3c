package dev.concordance.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.concordance.manifest.ManifestJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Actions on one index, each with the writer's epoch as its external version. They are sent as soon as there are enough for
 * a request, so that no more than that is in memory whatever their number.
 */
final class Bulk {
    static final int LARGEST_REQUEST = 4 << 20;
    private static final JsonFactory JSON = ManifestJson.mapper().getFactory();

    /** Writes the source of a document. */
    interface Source {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * One action.
     *
     * @param owner key of the document that it is part of
     */
    record Action(String owner, byte[] lines) {}

    private final BulkSender sender;
    private final String index;
    private final long epoch;
    private final List<Action> waiting = new ArrayList<>();
    private final Map<String, String> refused = new LinkedHashMap<>();
    private long size;

    Bulk(BulkSender sender, String index, long epoch) {
        this.sender = sender;
        this.index = index;
        this.epoch = epoch;
    }

    void index(String owner, String id, @Nullable String routing, Source source) {
        add(owner, "index", id, routing, source);
    }

    void delete(String owner, String id, @Nullable String routing) {
        add(owner, "delete", id, routing, null);
    }

    /** Sends what is left; gives for each document of which something was refused for good what Elasticsearch said. */
    Map<String, String> end() {
        send();
        return refused;
    }

    private void add(String owner, String verb, String id, @Nullable String routing, @Nullable Source source) {
        var lines = lines(verb, id, routing, source);
        if (size + lines.length > LARGEST_REQUEST) {
            send();
        }
        waiting.add(new Action(owner, lines));
        size += lines.length;
    }

    private void send() {
        if (!waiting.isEmpty()) {
            sender.send(index, List.copyOf(waiting)).forEach(refused::putIfAbsent);
            waiting.clear();
            size = 0;
        }
    }

    private byte[] lines(String verb, String id, @Nullable String routing, @Nullable Source source) {
        var lines = new ByteArrayOutputStream(source == null ? 128 : 8192);
        try (var json = JSON.createGenerator(lines)) {
            json.setRootValueSeparator(null);
            json.writeStartObject();
            json.writeObjectFieldStart(verb);
            json.writeStringField("_id", id);
            if (routing != null) {
                json.writeStringField("routing", routing);
            }
            json.writeNumberField("version", epoch);
            json.writeStringField("version_type", "external_gte");
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
            if (source != null) {
                source.write(json);
                json.writeRaw('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines.toByteArray();
    }
}
