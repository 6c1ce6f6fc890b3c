package dev.concordance.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A file with one JSON document a line; lines are found in one pass and read again when they are needed. */
final class JsonLinesFile {
    private final Path file;
    private final String path;
    private final @Nullable Instant changedAt;
    private final SourceManifest.JsonLines fields;
    private final int maxBytes;

    /**
     * @param path the file's name within the source
     * @param changedAt when it was changed, and so any of its lines that is another than before; null: nobody tells
     */
    JsonLinesFile(Path file, String path, @Nullable Instant changedAt, SourceManifest.JsonLines fields, long maxBytes) {
        this.file = file;
        this.path = path;
        this.changedAt = changedAt;
        this.fields = fields;
        this.maxBytes = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
    }

    static boolean isOne(String path) {
        return path.endsWith(".jsonl") || path.endsWith(".ndjson");
    }

    /** @param opened the file, from its beginning */
    void list(InputStream opened, Collected collected) throws IOException {
        try (var in = new BufferedInputStream(opened, 1 << 16)) {
            var start = 0L;
            for (var number = 1; ; number++) {
                var line = new ByteArrayOutputStream();
                var length = readLine(in, line);
                if (length < 0) {
                    return;
                }
                if (length > maxBytes) {
                    collected.refuse(
                            place(number),
                            "length-" + length,
                            QuarantineReason.TooLarge,
                            "the line has more than %d bytes: divide it, or raise ingestion.maxDocumentSize"
                                    .formatted(maxBytes));
                } else {
                    add(collected, number, start, line.toByteArray());
                }
                start += length + 1;
            }
        }
    }

    /** Reads up to a newline, keeping no more than is needed to see that a line is too long; -1 at the end. */
    private long readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
        var length = 0L;
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return length == 0 ? -1 : length;
            }
            if (length <= maxBytes) {
                line.write(b);
            }
            length++;
        }
        return length;
    }

    private void add(Collected collected, int number, long start, byte[] line) {
        if (isBlank(line)) {
            return;
        }
        var changeKey = Hash.of(line);
        var json = parse(line);
        if (json == null || !json.isObject()) {
            collected.refuse(
                    place(number), changeKey, QuarantineReason.BrokenJson, "the line is not a JSON object: correct it");
            return;
        }
        var id = json.path(fields.idField());
        if (!id.isValueNode() || id.isNull() || id.asText().isBlank()) {
            collected.refuse(
                    place(number),
                    changeKey,
                    QuarantineReason.MissingId,
                    "the line has no field %s, which jsonl.idField declares: add it".formatted(fields.idField()));
        } else if (!json.path(fields.textField()).isTextual()) {
            collected.refuse(
                    place(number),
                    changeKey,
                    QuarantineReason.MissingText,
                    "the line has no string %s, which jsonl.textField declares: add it".formatted(fields.textField()));
        } else {
            var entry = new Entry.Line(id.asText(), changeKey, file, start, line.length, changedAt);
            collected.add(entry, place(number));
        }
    }

    private String place(int line) {
        return path + "#L" + line;
    }

    private static boolean isBlank(byte[] line) {
        for (var b : line) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonNode parse(byte[] line) {
        try {
            return ManifestJson.mapper().readTree(line);
        } catch (IOException e) {
            return null;
        }
    }
}
