package dev.concordance.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.concordance.manifest.ManifestJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The actions of bulk requests on one index, each with the writer's epoch as its external version. */
final class Bulk {
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

    private final long epoch;
    private final List<Action> actions = new ArrayList<>();

    Bulk(long epoch) {
        this.epoch = epoch;
    }

    void index(String owner, String id, @Nullable String routing, Source source) {
        add(owner, "index", id, routing, source);
    }

    void delete(String owner, String id, @Nullable String routing) {
        add(owner, "delete", id, routing, null);
    }

    List<Action> actions() {
        return actions;
    }

    private void add(String owner, String verb, String id, @Nullable String routing, @Nullable Source source) {
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
        actions.add(new Action(owner, lines.toByteArray()));
    }
}
