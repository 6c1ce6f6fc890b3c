package dev.concordance.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Random;

/**
 * The document that a worker keeps in each generation's index, to be found by whoever searches as searches do: then what was
 * written is what is searched. It belongs to no source, has no record in the manifest, and is never an answer.
 */
public final class Tracer {
    /** Its {@code _id} and {@link ChunkFields#DOCUMENT_KEY}; the keys of documents are hexadecimal digits. */
    public static final String KEY = "tracer";

    /** The field that says what the generation was written from: the moment before the listing, in ISO 8601; stored only. */
    public static final String TRACED_AT = "tracedAt";

    /** Its text: one word, which no language has. */
    public static final String TEXT = "xqjztracerkvwq4711";

    private static final long SEED = 4711;

    private Tracer() {}

    /** What is written of it. Without version, source and id it is nobody's passage. */
    public static ObjectNode document(int dimensions, Instant tracedAt) {
        var document = ManifestJson.mapper().createObjectNode();
        document.put(ChunkFields.DOCUMENT_KEY, KEY);
        document.put(ChunkFields.TEXT, TEXT);
        var vector = document.putArray(ChunkFields.VECTOR);
        for (var value : vector(dimensions)) {
            vector.add(value);
        }
        return document.put(TRACED_AT, tracedAt.toString());
    }

    /**
     * Its vector: of length 1 and, but for some hundredths, at a right angle to any that a model gives a text. So it needs no
     * model, and is nobody's neighbour.
     */
    public static float[] vector(int dimensions) {
        // The sequence of java.util.Random is specified, so that everybody comes to the same vector.
        var signs = new Random(SEED);
        var value = (float) (1 / Math.sqrt(dimensions));
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++) {
            vector[i] = signs.nextBoolean() ? value : -value;
        }
        return vector;
    }
}
