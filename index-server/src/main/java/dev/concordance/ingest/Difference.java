package dev.concordance.ingest;

import dev.concordance.index.DocumentKey;
import dev.concordance.index.ManifestRecord;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Entry;
import dev.concordance.source.Listing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a generation no longer is as the sources are.
 *
 * @param work documents to read again
 * @param gone records of documents that their sources no longer hold, or whose source is no longer declared
 * @param unchanged records that stand as they are
 * @param passedOver files that are no documents by their names
 */
record Difference(List<Work> work, List<ManifestRecord> gone, List<ManifestRecord> unchanged, long passedOver) {

    /**
     * A document to be read.
     *
     * @param before what the manifest knows of it; null: nothing
     * @param changeKey the entry's, with the source's settings
     * @param redone whether it is written anew even if it turns out to be as it was
     */
    record Work(
            SourceManifest source,
            Entry entry,
            String key,
            @Nullable ManifestRecord before,
            String changeKey,
            boolean redone) {}

    /** What was listed of a source; a null listing: it could not be, and all that is known of it stays. */
    record Seen(SourceManifest source, @Nullable Listing listing) {}

    /**
     * @param redone keys of documents that a former writer began to change: one that was not as dead as it seemed may still
     *     delete the chunks that their records name, so they get new ones
     */
    static Difference between(Map<String, ManifestRecord> records, List<Seen> sources, Set<String> redone) {
        var work = new ArrayList<Work>();
        var unchanged = new ArrayList<ManifestRecord>();
        var present = new HashSet<String>();
        var kept = new HashSet<String>();
        var passedOver = 0L;
        for (var seen : sources) {
            if (seen.listing() == null) {
                kept.add(seen.source().name());
                continue;
            }
            var settings = "/" + seen.source().settingsDigest();
            passedOver += seen.listing().passedOver();
            for (var entry : seen.listing().entries()) {
                var key = DocumentKey.of(seen.source().name(), entry.id());
                var record = records.get(key);
                present.add(key);
                var changeKey = entry.changeKey() + settings;
                if (record != null && record.changeKey().equals(changeKey) && !redone.contains(key)) {
                    unchanged.add(record);
                } else {
                    work.add(new Work(seen.source(), entry, key, record, changeKey, redone.contains(key)));
                }
            }
        }
        return new Difference(work, gone(records, present, kept), unchanged, passedOver);
    }

    private static List<ManifestRecord> gone(
            Map<String, ManifestRecord> records, Set<String> present, Set<String> keptSources) {
        return records.entrySet().stream()
                .filter(known -> !present.contains(known.getKey())
                        && !keptSources.contains(known.getValue().source()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
