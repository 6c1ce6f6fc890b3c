package dev.concordance.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.CorpusIndexes.Generation;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.Ledger;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tombstones;
import dev.concordance.spool.Spools;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;

/** Finds what a tombstone covers, by looking at every passage and every record of all generations. */
final class Coverage {
    /** So many are counted exactly. */
    private static final int MOST_COUNTED = 1_000_000;

    private final ElasticsearchConnection elasticsearch;
    private final IndexNames names;
    private final Tombstones tombstones;
    private final Spools spools;
    private final Runnable stop;

    Coverage(
            ElasticsearchConnection elasticsearch,
            IndexNames names,
            Tombstones tombstones,
            Spools spools,
            Runnable stop) {
        this.elasticsearch = elasticsearch;
        this.names = names;
        this.tombstones = tombstones;
        this.spools = spools;
        this.stop = stop;
    }

    /**
     * Keys of covered documents of which the generation has something.
     *
     * @param ledger whose writer's epoch becomes no less than any version that is found
     */
    Set<String> find(Generation generation, Ledger ledger) {
        stop.run();
        var found = new TreeSet<String>();
        var reader = new GenerationReader(elasticsearch, names, generation.number());
        reader.refresh();
        var newest = new LongAccumulator(Math::max, 0);
        reader.chunks(query(), hit -> {
            newest.accumulate(hit.path("_version").asLong());
            add(covered(hit.path("_source")), found);
        });
        try (var records = reader.records(spools).open()) {
            records.forEachRemaining(record -> add(covered(record), found));
        }
        ledger.outrun(newest.get());
        return found;
    }

    private static ObjectNode query() {
        var body = ManifestJson.mapper().createObjectNode().put("version", true);
        body.putArray("_source")
                .add(ChunkFields.DOCUMENT_KEY)
                .add(ChunkFields.SOURCE)
                .add(ChunkFields.DOCUMENT_ID)
                .add(ChunkFields.URI)
                .add(ChunkFields.METADATA);
        return body;
    }

    private static void add(@Nullable String key, Set<String> found) {
        if (key != null && found.size() < MOST_COUNTED) {
            found.add(key);
        }
    }

    private @Nullable String covered(JsonNode chunk) {
        var key = chunk.path(ChunkFields.DOCUMENT_KEY).asText();
        var uri = chunk.path(ChunkFields.URI);
        var erasure = tombstones.of(
                key,
                chunk.path(ChunkFields.SOURCE).asText(),
                chunk.path(ChunkFields.DOCUMENT_ID).asText());
        return erasure != null
                        || tombstones.ofContent(uri.isTextual() ? uri.asText() : null, chunk.path(ChunkFields.METADATA))
                                != null
                ? key
                : null;
    }

    /** Of a record without passages only its name is known. */
    private @Nullable String covered(ManifestRecord record) {
        var key = record.key();
        return record.state() != State.Erased && tombstones.of(key, record.source(), record.documentId()) != null
                ? key
                : null;
    }
}
