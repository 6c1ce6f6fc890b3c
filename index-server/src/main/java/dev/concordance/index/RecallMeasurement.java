package dev.concordance.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.AnnRecall.Measured;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.NearestQuery;
import dev.concordance.manifest.VectorStorage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Measures how much of the nearest chunks a search finds: vectors that are stored are searched for as searches do, at each depth, and
 * compared with all of the generation's. What is looked for is itself no hit. A hit counts if it is no farther than the last of the
 * nearest (Aumüller, Bernhardsson and Faithfull, ANN-Benchmarks, 2017), so that chunks of the same text are not told apart.
 */
public final class RecallMeasurement {
    /** Vectors that are searched for. */
    public static final int SAMPLE = 100;

    /** Of a generation with more chunks nothing is measured, since all are read for it. */
    public static final long MOST_CHUNKS = 1_000_000;

    private static final double NANOS_A_MILLI = 1e6;

    private final GenerationReader reader;
    private final LongSupplier nanos;

    /** @param nanos reads what time has passed */
    public RecallMeasurement(GenerationReader reader, LongSupplier nanos) {
        this.reader = reader;
        this.nanos = nanos;
    }

    /** As of the last refresh; empty if there is nothing to be found, or too much to look at. */
    public Optional<AnnRecall> measure(VectorStorage storage, long chunks, Instant now) {
        if (chunks > MOST_CHUNKS) {
            return Optional.empty();
        }
        var sample = sample();
        var depths = Depth.of(storage);
        var took = depths.stream().map(depth -> search(sample, depth)).toList();
        reader.vectors((id, vector) -> sample.forEach(nearest -> nearest.compare(id, vector)));
        if (sample.stream().noneMatch(Nearest::isFound)) {
            return Optional.empty();
        }
        var measured = new ArrayList<Measured>();
        for (var i = 0; i < depths.size(); i++) {
            var depth = i;
            var recall = sample.stream()
                    .filter(Nearest::isFound)
                    .mapToDouble(nearest -> nearest.recall(depth))
                    .average()
                    .orElseThrow();
            measured.add(new Measured(depths.get(i), recall, took.get(i)));
        }
        return Optional.of(new AnnRecall(now, chunks, sample.size(), measured));
    }

    /** The first by their hashes, which are as good as dice and fall the same way each time. */
    private List<Nearest> sample() {
        var body = hits(SAMPLE);
        body.putObject("query").putObject("exists").put("field", ChunkFields.VECTOR);
        body.putArray("sort").addObject().put(ChunkFields.TEXT_HASH, "asc");
        body.putObject("collapse").put("field", ChunkFields.TEXT_HASH);
        body.putArray("fields").add(ChunkFields.VECTOR);
        var sample = new ArrayList<Nearest>();
        for (var hit : reader.hits(body)) {
            sample.add(new Nearest(
                    hit.path("_id").asText(),
                    GenerationReader.floats(hit.path("fields").path(ChunkFields.VECTOR))));
        }
        return sample;
    }

    /** Looks for each, one after the other, and gives the milliseconds that one took on average. */
    private double search(List<Nearest> sample, Depth depth) {
        if (sample.isEmpty()) {
            return 0;
        }
        var searches = sample.stream()
                // One more, since what is looked for is found too.
                .map(nearest -> hits(AnnRecall.AT + 1)
                        .<ObjectNode>set("knn", NearestQuery.of(nearest.vector(), NearestQuery.FEWEST, depth)))
                .toList();
        var begin = nanos.getAsLong();
        var found = reader.hits(searches);
        var took = nanos.getAsLong() - begin;
        for (var i = 0; i < sample.size(); i++) {
            sample.get(i).found(ids(found.get(i)));
        }
        return took / NANOS_A_MILLI / sample.size();
    }

    private static ObjectNode hits(int size) {
        return ManifestJson.mapper()
                .createObjectNode()
                .put("size", size)
                .put("_source", false)
                .put("track_total_hits", false);
    }

    private static List<String> ids(JsonNode hits) {
        var ids = new ArrayList<String>();
        hits.forEach(hit -> ids.add(hit.path("_id").asText()));
        return ids;
    }
}
