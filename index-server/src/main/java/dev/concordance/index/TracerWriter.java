package dev.concordance.index;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Tracer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/** Keeps the {@link Tracer} of a generation, as its writer alone may. */
public final class TracerWriter {
    private final ElasticsearchConnection elasticsearch;
    private final BulkSender sender;
    private final Ledger ledger;
    private final String index;

    public TracerWriter(ElasticsearchConnection elasticsearch, IndexNames names, int generation, Ledger ledger) {
        this.elasticsearch = elasticsearch;
        this.sender = BulkSender.refreshing(elasticsearch, ledger);
        this.ledger = ledger;
        this.index = names.generation(generation);
    }

    /** What the tracer says, searchable or not; empty: there is none, or it says nothing that a writer would have it say. */
    public Optional<Instant> find() {
        var answer = elasticsearch.send(
                "GET", "/" + index + "/_doc/" + Tracer.KEY + "?_source_includes=" + Tracer.TRACED_AT, null);
        var said = answer.json().path("_source").path(Tracer.TRACED_AT).asText();
        try {
            return said.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(said));
        } catch (DateTimeParseException byHand) {
            return Optional.empty();
        }
    }

    /** Writes it, and makes it searchable together with all that was written before. */
    public void write(int dimensions, Instant tracedAt) {
        var bulk = new Bulk(sender, index, ledger.epoch());
        bulk.index(Tracer.KEY, Tracer.KEY, null, json -> json.writeTree(Tracer.document(dimensions, tracedAt)));
        requireDone(bulk.end());
    }

    /** Takes it away; nothing if there is none. */
    public void remove() {
        var bulk = new Bulk(sender, index, ledger.epoch());
        bulk.delete(Tracer.KEY, Tracer.KEY, null);
        requireDone(bulk.end());
    }

    private static void requireDone(Map<String, String> refused) {
        for (var said : refused.values()) {
            throw new IndexException(
                    FailureReason.ElasticsearchRejected, "Elasticsearch refused to write the tracer: " + said);
        }
    }
}
