package dev.concordance.ingest;

import dev.concordance.access.AccessRules;
import dev.concordance.index.DocumentKey;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstones;
import dev.concordance.source.Entry;
import dev.concordance.source.Listing;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spool;
import dev.concordance.spool.Spools;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares what sources hold with what the manifest knows, both in the order of ids, by one pass over both: it takes no more
 * memory for a million documents than for one.
 */
final class Comparison {
    private final Cursor<ManifestRecord> records;
    private final Terms terms;
    private final Spool<Work> work;
    private final Spool<ManifestRecord> gone;
    private final Spool<ManifestRecord> returned;
    private final Spool<ManifestRecord> others;
    private final Spool<ManifestRecord> waiting;
    private final Tally unchanged = new Tally();
    private final Tally before = new Tally();
    private long passedOver;

    /**
     * What was listed of a source; a null listing: it could not be, and all that is known of it stays.
     *
     * @param rules that say who may see its files; null: there are none, or nothing is done about them
     */
    record Seen(
            SourceManifest source,
            @Nullable Listing listing,
            @Nullable AccessRules rules) {}

    /**
     * On what terms a document needn't be read whose source tells of no change.
     *
     * @param redone keys of documents that a former writer began to change: one that was not as dead as it seemed may still
     *     delete the chunks that their records name, so they get new ones; and of those whose chunks are damaged
     * @param scope which of the documents are read whose change key is the known one
     * @param limits that hold now for a document
     * @param tombstones of documents that are not to be indexed
     */
    record Terms(Set<String> redone, Scope scope, String limits, Tombstones tombstones) {
        /** Whether a document is to be written anew even if it is as it was. */
        private boolean redo(String source, String id) {
            return !redone.isEmpty() && redone.contains(DocumentKey.of(source, id));
        }

        /** Whether nothing has to be read, and no Erasure has come or gone that concerns it. */
        private boolean isDone(SourceManifest source, ManifestRecord known, String changeKey) {
            var isUnchanged = scope.leaves(known) && known.isUnchanged(changeKey, limits);
            return known.state() == State.Erased
                    ? !source.isPushed() && staysErased(known, isUnchanged)
                    : isUnchanged && covering(known) == null;
        }

        /** What its name covers is not read, whatever has become of it, and so isn't known by a change key. */
        private boolean staysErased(ManifestRecord known, boolean isUnchanged) {
            var covering = covering(known);
            return covering == null
                    ? isUnchanged && tombstones.contains(known.message())
                    : known.changeKey().isEmpty() && covering.equals(known.message());
        }

        private @Nullable String covering(ManifestRecord known) {
            return tombstones.isEmpty() ? null : tombstones.of(known.key(), known.source(), known.documentId());
        }
    }

    private Comparison(Cursor<ManifestRecord> records, Terms terms, Spools spools) {
        this.records = records;
        this.terms = terms;
        this.work = spools.spool(Work.CODEC);
        this.gone = spools.spool(new RecordCodec());
        this.returned = spools.spool(new RecordCodec());
        this.others = spools.spool(new RecordCodec());
        this.waiting = spools.spool(new RecordCodec());
    }

    /** What differs. */
    static Difference between(Sequence<ManifestRecord> records, List<Seen> sources, Terms terms, Spools spools) {
        try (var known = records.open()) {
            var comparison = new Comparison(known, terms, spools);
            sources.stream()
                    .sorted(Comparator.comparing(seen -> seen.source().name()))
                    .forEach(comparison::compare);
            comparison.dropBefore(null);
            return comparison.end();
        }
    }

    private Difference end() {
        return new Difference(
                work.end(), gone.end(), returned.end(), others.end(), waiting.end(), unchanged, before, passedOver);
    }

    private void compare(Seen seen) {
        var name = seen.source().name();
        dropBefore(name);
        if (seen.listing() == null) {
            while (recordOf(name) != null) {
                await(take());
            }
            return;
        }
        passedOver += seen.listing().passedOver();
        var unlisted = unlisted(seen.listing());
        var settings = "/" + seen.source().settingsDigest();
        try (var entries = seen.listing().entries().open()) {
            while (entries.hasNext()) {
                compare(seen, entries.next(), settings, unlisted);
            }
        }
        while (recordOf(name) != null) {
            unlisted.accept(take());
        }
    }

    /** What becomes of a document that was not listed: that it is gone, only a whole listing tells. */
    private Consumer<ManifestRecord> unlisted(Listing listing) {
        if (listing.incomplete() != null) {
            return this::await;
        }
        return switch (listing.extent()) {
            case Whole -> gone::add;
            case Changes ->
                record -> {
                    unchanged.add(record);
                    await(record);
                };
        };
    }

    /** Nothing was said of a document now; if it disappeared before, it is still to be decided about. */
    private void await(ManifestRecord record) {
        if (record.withheld() != null && record.state() == State.Indexed) {
            waiting.add(record);
        }
    }

    private void compare(Seen seen, Entry entry, String settings, Consumer<ManifestRecord> unlisted) {
        var source = seen.source();
        var stored = recordOf(source.name(), entry.id(), unlisted);
        switch (entry) {
            case Entry.Gone lost -> remove(stored);
            case Entry.File file -> compare(source, file, settings, stored == null ? null : seen(stored, seen.rules()));
            default -> compare(source, entry, settings, stored);
        }
    }

    private void remove(@Nullable ManifestRecord known) {
        if (known != null) {
            gone.add(known);
        }
    }

    private void compare(SourceManifest source, Entry entry, String settings, @Nullable ManifestRecord known) {
        var changeKey = entry.changeKey() + settings;
        var again = terms.redo(source.name(), entry.id());
        if (known == null || again || !terms.isDone(source, known, changeKey)) {
            work.add(new Work(source.name(), entry, known, changeKey, again));
            return;
        }
        unchanged.add(known);
        if (known.withheld() != null && known.state() == State.Indexed) {
            returned.add(known);
        }
    }

    /** What is known of a document; those that come before it were not listed. */
    private @Nullable ManifestRecord recordOf(String source, String id, Consumer<ManifestRecord> unlisted) {
        var record = recordOf(source);
        while (record != null && record.documentId().compareTo(id) < 0) {
            unlisted.accept(take());
            record = recordOf(source);
        }
        return record != null && record.documentId().equals(id) ? take() : null;
    }

    /** The record of a file as it is when its rules hold. */
    private ManifestRecord seen(ManifestRecord stored, @Nullable AccessRules rules) {
        if (rules == null) {
            return stored;
        }
        var acl = rules.of(stored.documentId());
        if (!stored.isSeenByOthersThan(acl)) {
            return stored;
        }
        others.add(stored);
        return stored.with(ManifestRecord.Access.of(acl));
    }

    /** @param source that is still declared; null: there are no more */
    private void dropBefore(@Nullable String source) {
        for (var record = records.peek(); record != null; record = records.peek()) {
            if (source != null && record.source().compareTo(source) >= 0) {
                return;
            }
            gone.add(take());
        }
    }

    /** The next record, if it is of this source. */
    private @Nullable ManifestRecord recordOf(String source) {
        var record = records.peek();
        return record == null || !record.source().equals(source) ? null : record;
    }

    private ManifestRecord take() {
        var record = records.next();
        before.add(record);
        return record;
    }
}
