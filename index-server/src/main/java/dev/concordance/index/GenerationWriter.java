package dev.concordance.index;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.ManifestRecord.Access;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.spool.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes of documents so that a crash at any point leaves something that the next run can finish: first the new
 * chunks, then the end of the old ones, last the record that says so. For one thread.
 */
public final class GenerationWriter {
    private static final int RECORDS_AT_ONCE = 500;
    private static final int CHUNKS_AT_ONCE = 200;

    private final BulkSender sender;
    private final BulkSender late;
    private final Ledger ledger;
    private final GenerationReader reader;
    private final String chunks;
    private final String manifest;
    private final Consumer<DocumentChange> recorded;
    private boolean midway;

    public GenerationWriter(ElasticsearchConnection elasticsearch, IndexNames names, int generation, Ledger ledger) {
        this(elasticsearch, names, generation, ledger, change -> {});
    }

    /** @param recorded told of each record that was written or deleted, in this order */
    public GenerationWriter(
            ElasticsearchConnection elasticsearch,
            IndexNames names,
            int generation,
            Ledger ledger,
            Consumer<DocumentChange> recorded) {
        this.recorded = recorded;
        this.sender = new BulkSender(elasticsearch, ledger, true);
        this.late = new BulkSender(elasticsearch, ledger, false);
        this.ledger = ledger;
        this.reader = new GenerationReader(elasticsearch, names, generation);
        this.chunks = names.generation(generation);
        this.manifest = names.manifest(generation);
    }

    /**
     * Makes a change of each record, however many they are.
     *
     * @param change asked before a batch is written; what it throws ends the work between two batches
     * @param written told of each change that was made
     */
    public void apply(
            Sequence<ManifestRecord> records,
            Function<ManifestRecord, DocumentChange> change,
            Consumer<DocumentChange> written) {
        try (var all = records.open()) {
            while (all.hasNext()) {
                var changes = new ArrayList<DocumentChange>();
                while (all.hasNext() && changes.size() < RECORDS_AT_ONCE) {
                    changes.add(change.apply(all.next()));
                }
                apply(changes).forEach(written);
            }
        }
    }

    /** Makes the changes and gives the records as they were written: of a refused document one in quarantine. */
    public List<DocumentChange> apply(List<DocumentChange> changes) {
        return apply(changes, () -> {});
    }

    /**
     * The same.
     *
     * @param chunksWritten told when only records are left to be written, if anything is
     */
    public List<DocumentChange> apply(List<DocumentChange> changes, Runnable chunksWritten) {
        midway = true;
        try {
            var refused = writeChunks(changes);
            var done = refused.isEmpty()
                    ? changes
                    : changes.stream()
                            .map(change -> afterRefusal(change, refused))
                            .toList();
            announceRemovals(done);
            deleteChunks(done, changes, refused);
            changeAccess(done);
            if (done.stream().anyMatch(change -> !Objects.equals(change.before(), change.after()))) {
                chunksWritten.run();
            }
            writeRecords(done);
            midway = false;
            return done;
        } catch (IndexException e) {
            if (e.reason() == FailureReason.LeaseLost) {
                withdraw(changes, e);
            }
            throw e;
        }
    }

    /** Whether changes were begun and not ended, so that some documents may be half written. */
    public boolean isMidway() {
        return midway;
    }

    /** Removes chunks that no record knows. */
    public void remove(List<Leftover> leftovers) {
        var bulk = to(chunks);
        leftovers.forEach(chunk -> bulk.delete(chunk.key(), chunk.id(), chunk.key()));
        bulk.end();
    }

    private Bulk to(String index) {
        return new Bulk(sender, index, ledger.epoch());
    }

    private Map<String, String> writeChunks(List<DocumentChange> changes) {
        var bulk = to(chunks);
        for (var change : changes) {
            var record = change.after();
            if (record != null) {
                for (var chunk : change.chunks()) {
                    var id = ChunkFields.id(change.key(), record.version(), chunk.ordinal());
                    bulk.index(change.key(), id, change.key(), json -> write(json, change, record, chunk));
                }
            }
        }
        return bulk.end();
    }

    /**
     * What was written between the last look at the lease and the moment at which another writer took it may have come too
     * late for that writer to find. It has this writer's epoch, so nobody else knows it, and it is taken back.
     */
    private void withdraw(List<DocumentChange> changes, IndexException lost) {
        var bulk = new Bulk(late, chunks, ledger.epoch());
        try {
            for (var change : changes) {
                if (lost.concerns(change.key())) {
                    deleteNew(bulk, change);
                }
            }
            bulk.end();
        } catch (RuntimeException e) {
            lost.addSuppressed(e);
        }
    }

    private static DocumentChange afterRefusal(DocumentChange change, Map<String, String> refused) {
        var said = refused.get(change.key());
        return said == null || change.after() == null
                ? change
                : new DocumentChange(
                        change.key(),
                        change.before(),
                        change.after().quarantined(QuarantineReason.IndexRefused, "Elasticsearch refused it: " + said),
                        List.of(),
                        null);
    }

    /**
     * Says of documents that lose their chunks and get no others that they do. Should this end in the middle, no chunk tells the next
     * run of it, and their source may go back to what it said before.
     */
    private void announceRemovals(List<DocumentChange> changes) {
        var removals = changes.stream()
                .filter(change -> change.leavesChunksBehind() && change.chunks().isEmpty())
                .map(change -> Objects.requireNonNull(change.before()))
                .map(before -> DocumentChange.of(before, before.losingItsChunks()))
                .toList();
        if (!removals.isEmpty()) {
            writeRecords(removals);
        }
    }

    /** Of a document of which one chunk was refused the others go too. */
    private void deleteChunks(List<DocumentChange> done, List<DocumentChange> asked, Map<String, String> refused) {
        var bulk = to(chunks);
        for (var change : done) {
            var before = change.before();
            if (before != null && change.leavesChunksBehind()) {
                for (var ordinal = 0; ordinal < before.chunks(); ordinal++) {
                    bulk.delete(change.key(), ChunkFields.id(change.key(), before.version(), ordinal), change.key());
                }
            }
        }
        asked.stream().filter(change -> refused.containsKey(change.key())).forEach(change -> deleteNew(bulk, change));
        bulk.end();
    }

    private static void deleteNew(Bulk bulk, DocumentChange change) {
        if (change.after() != null) {
            for (var chunk : change.chunks()) {
                var id = ChunkFields.id(change.key(), change.after().version(), chunk.ordinal());
                bulk.delete(change.key(), id, change.key());
            }
        }
    }

    /**
     * Gives chunks that stay to others. Their records say so first: should this end in the middle, and their source go back to
     * what it said before, the next run still knows that some chunks may have what it said meanwhile. Chunks are written whole,
     * since only that carries the epoch as their version.
     */
    private void changeAccess(List<DocumentChange> changes) {
        var changed = changes.stream()
                .filter(change -> !change.seenByOthers().isEmpty())
                .collect(Collectors.toMap(DocumentChange::key, Function.identity()));
        if (changed.isEmpty()) {
            return;
        }
        writeRecords(changed.values().stream()
                .map(change -> DocumentChange.of(
                        Objects.requireNonNull(change.before()), change.before().with(Access.CHANGING)))
                .toList());
        var ids = changed.values().stream()
                .flatMap(change -> change.seenByOthers().stream())
                .toList();
        for (var from = 0; from < ids.size(); from += CHUNKS_AT_ONCE) {
            var bulk = to(chunks);
            for (var chunk : reader.chunks(ids.subList(from, Math.min(ids.size(), from + CHUNKS_AT_ONCE)))) {
                var key = chunk.path(ChunkFields.DOCUMENT_KEY).asText();
                var change = Objects.requireNonNull(changed.get(key));
                var id = ChunkFields.id(
                        key,
                        chunk.path(ChunkFields.VERSION).asLong(),
                        chunk.path(ChunkFields.ORDINAL).asInt());
                var principals = chunk.putArray(ChunkFields.ACL);
                Objects.requireNonNull(change.principals()).forEach(principals::add);
                bulk.index(key, id, key, json -> json.writeTree(chunk));
            }
            requireDone(bulk.end());
        }
    }

    private static void requireDone(Map<String, String> refused) {
        for (var said : refused.values()) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected,
                    "Elasticsearch refused to change who may see a document: " + said);
        }
    }

    private void writeRecords(List<DocumentChange> changes) {
        var bulk = to(manifest);
        for (var change : changes) {
            var record = change.after();
            if (record == null) {
                bulk.delete(change.key(), change.key(), null);
            } else if (!record.equals(change.before())) {
                bulk.index(
                        change.key(),
                        change.key(),
                        null,
                        json -> ManifestJson.mapper().writeValue(json, record));
            }
        }
        bulk.end();
        changes.forEach(recorded);
    }

    private static void write(JsonGenerator json, DocumentChange change, ManifestRecord record, IndexedChunk chunk)
            throws IOException {
        json.writeStartObject();
        json.writeStringField(ChunkFields.DOCUMENT_KEY, change.key());
        json.writeStringField(ChunkFields.DOCUMENT_ID, record.documentId());
        json.writeStringField(ChunkFields.SOURCE, record.source());
        json.writeNumberField(ChunkFields.VERSION, record.version());
        json.writeNumberField(ChunkFields.ORDINAL, chunk.ordinal());
        json.writeNumberField(ChunkFields.CHUNKS, record.chunks());
        if (chunk.uri() != null) {
            json.writeStringField(ChunkFields.URI, chunk.uri());
        }
        json.writeStringField(ChunkFields.TITLE, chunk.title());
        json.writeObjectField(ChunkFields.HEADINGS, chunk.headings());
        if (!chunk.context().isEmpty()) {
            json.writeStringField(ChunkFields.CONTEXT, chunk.context());
        }
        json.writeStringField(ChunkFields.TEXT, chunk.text());
        json.writeNumberField(ChunkFields.START, chunk.start());
        json.writeNumberField(ChunkFields.END, chunk.end());
        if (chunk.pages() != null) {
            json.writeNumberField(ChunkFields.FIRST_PAGE, chunk.pages().first());
            json.writeNumberField(ChunkFields.LAST_PAGE, chunk.pages().last());
        }
        if (chunk.parent() != null) {
            write(json, chunk.parent());
        }
        writeVector(json, chunk.textHash(), chunk.vector());
        writeAny(json, ChunkFields.SENTENCE_HASHES, chunk.sentenceHashes());
        writeAny(json, ChunkFields.SIGNALS, chunk.signals());
        if (change.principals() != null) {
            json.writeObjectField(ChunkFields.ACL, change.principals());
        }
        if (!chunk.metadata().isEmpty()) {
            json.writeObjectField(ChunkFields.METADATA, chunk.metadata());
        }
        json.writeEndObject();
    }

    private static void writeAny(JsonGenerator json, String field, List<String> values) throws IOException {
        if (!values.isEmpty()) {
            json.writeObjectField(field, values);
        }
    }

    private static void write(JsonGenerator json, IndexedChunk.Parent parent) throws IOException {
        json.writeObjectFieldStart(ChunkFields.PARENT);
        json.writeNumberField(ChunkFields.ORDINAL, parent.ordinal());
        json.writeStringField(ChunkFields.TEXT, parent.text());
        json.writeNumberField(ChunkFields.START, parent.start());
        json.writeNumberField(ChunkFields.END, parent.end());
        json.writeEndObject();
    }

    /** Vectors are looked for by their hashes, so a chunk without one has none. */
    private static void writeVector(JsonGenerator json, String textHash, float @Nullable [] vector) throws IOException {
        if (vector == null) {
            json.writeBooleanField(ChunkFields.PENDING_EMBEDDING, true);
            return;
        }
        json.writeStringField(ChunkFields.TEXT_HASH, textHash);
        json.writeArrayFieldStart(ChunkFields.VECTOR);
        for (var value : vector) {
            json.writeNumber(value);
        }
        json.writeEndArray();
    }
}
