package dev.concordance.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.inbox.Busy;
import dev.concordance.inbox.InboxReader;
import dev.concordance.inbox.MissingInbox;
import dev.concordance.index.DocumentKey;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spool;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was pushed to a source: what has changed since the position of a former listing, or all that there is. */
final class PushSource implements ChangeFeed {
    private static final int DOCUMENTS_AT_ONCE = 100;
    private static final long BYTES_AT_ONCE = 8 << 20;
    private static final String ACCESS = "access";

    private final SourceManifest source;
    private final Reading.Inbox inbox;
    private final Reading reading;
    private @Nullable Spools spools;
    private @Nullable FetchedRows fetched;

    PushSource(SourceManifest source, Reading.Inbox inbox, Reading reading) {
        this.source = source;
        this.inbox = inbox;
        this.reading = reading;
    }

    @Override
    public Listing list(Spools given, Before before) {
        spools = given;
        var former = PushPosition.parse(before.position());
        var goesOnFrom = former.filter(
                        position -> String.valueOf(before.position()).endsWith(settings()))
                .orElse(null);
        try {
            var collected = new Collected(source, reading, given);
            var extent = inbox.reader().read(source.name(), goesOnFrom, found -> add(found, collected), before.stop());
            var position = extent.position().text() + settings();
            if (!extent.whole()) {
                return collected.changes(position);
            }
            var listing = collected.complete(position);
            if (listing.entries().size() == 0
                    && former.filter(last ->
                                    !last.inbox().equals(extent.position().inbox()))
                            .isPresent()) {
                throw SourceException.of(
                        source.name(),
                        FailureReason.SourceEmpty,
                        "its inbox was made anew and holds nothing: restore the index from a snapshot, push the documents again, or remove the source",
                        null);
            }
            return listing;
        } catch (MissingInbox | Busy e) {
            throw unreachable(e);
        }
    }

    private void add(InboxReader.Listed found, Collected collected) {
        if (found.isDeleted()) {
            collected.add(new Entry.Gone(found.id()), found.id());
        } else if (found.length() > reading.maxBytes()) {
            collected.refuse(
                    found.id(),
                    found.hash(),
                    QuarantineReason.TooLarge,
                    new OversizedContent(found.length(), reading.maxBytes()).explanation());
        } else {
            collected.add(new Entry.Row(found.id(), found.hash(), found.length(), found.at()), found.id());
        }
    }

    /** What decides, beside a document, what is made of it. */
    private String settings() {
        return "/" + source.settingsDigest() + "/" + reading.maxBytes();
    }

    @Override
    public void fetch(Iterator<Entry> entries) {
        try (var rows = Objects.requireNonNull(spools, "it was listed").onDisk(FetchedRows.CODEC)) {
            var batch = new LinkedHashMap<String, String>();
            var bytes = 0L;
            while (entries.hasNext()) {
                if (entries.next() instanceof Entry.Row row) {
                    batch.put(row.id(), row.changeKey());
                    bytes += row.length();
                }
                if (batch.size() == DOCUMENTS_AT_ONCE || bytes >= BYTES_AT_ONCE) {
                    read(batch, rows);
                    batch.clear();
                    bytes = 0;
                }
            }
            read(batch, rows);
            fetched = new FetchedRows(rows.end());
        } catch (MissingInbox | Busy e) {
            throw unreachable(e);
        }
    }

    private SourceException unreachable(RuntimeException cause) {
        return SourceException.of(
                source.name(), FailureReason.SourceUnreachable, String.valueOf(cause.getMessage()), cause);
    }

    /** @param listed the hash that was listed of each id */
    private void read(Map<String, String> listed, Spool<FetchedRows.Row> into) {
        if (!listed.isEmpty()) {
            for (var pushed : inbox.reader().documents(source.name(), List.copyOf(listed.keySet()))) {
                var isListed = pushed.hash().equals(listed.get(pushed.id()));
                into.add(new FetchedRows.Row(pushed.id(), new Content.Held(row(pushed.json()), isListed)));
            }
        }
    }

    /** As rows are: who may see it stands among the metadata, where the corpus says that it does. */
    private byte[] row(String pushed) {
        try {
            var json = (ObjectNode) ManifestJson.mapper().readTree(pushed);
            json.set("text", json.remove("content"));
            var metadata = json.withObject("/metadata");
            JsonNode access = json.remove(ACCESS);
            if (source.access() != null) {
                metadata.remove(source.access().field());
                if (access != null) {
                    metadata.set(source.access().field(), access);
                }
            }
            return ManifestJson.mapper().writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException("what was pushed is a JSON object", e);
        }
    }

    @Override
    public Content content(Entry.Stored entry) {
        var rows = Objects.requireNonNull(fetched, "the documents have been fetched");
        return rows.content(entry.id(), entry.size().orElseThrow());
    }

    @Override
    public void erase(Entry entry) {
        try {
            inbox.erasure().erase(DocumentKey.of(source.name(), entry.id()), entry.changeKey());
        } catch (MissingInbox | Busy e) {
            throw unreachable(e);
        }
    }

    @Override
    public void close() {}
}
