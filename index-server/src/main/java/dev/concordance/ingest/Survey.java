package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;
import dev.concordance.ingest.Difference.Seen;
import dev.concordance.ingest.Difference.Work;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The sources of a run. One that can't be read fails the run, but not before the others are in step. */
final class Survey implements AutoCloseable {
    private final List<SourceManifest> declared;
    private final List<Source> opened = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final Map<String, String> positions = new HashMap<>();
    private final List<SourceException> failures = new ArrayList<>();

    Survey(List<SourceManifest> declared, Function<SourceManifest, Source> opening) {
        this.declared = declared;
        declared.forEach(source -> opened.add(opening.apply(source)));
    }

    /** Lists what they hold; throws {@link SourceException} if none can be listed. */
    void list(StopSignal stop) {
        for (var i = 0; i < declared.size(); i++) {
            stop.check();
            var source = declared.get(i);
            try {
                var listing = opened.get(i).list();
                seen.add(new Seen(source, listing));
                positions.put(source.name(), listing.position());
            } catch (SourceException e) {
                fail(i, e);
            }
        }
        throwIfNoneIsLeft();
    }

    /** What differs from the records, with all that the reading of it needs brought near. */
    Difference difference(Map<String, ManifestRecord> records, Set<String> redone) {
        var difference = Difference.between(records, seen, redone);
        var allFetched = true;
        for (var i = 0; i < declared.size(); i++) {
            var source = declared.get(i);
            var entries = difference.work().stream()
                    .filter(work -> work.source().equals(source))
                    .map(Work::entry)
                    .toList();
            try {
                if (!entries.isEmpty()) {
                    opened.get(i).fetch(entries);
                }
            } catch (SourceException e) {
                fail(i, e);
                allFetched = false;
            }
        }
        throwIfNoneIsLeft();
        return allFetched ? difference : Difference.between(records, seen, redone);
    }

    /** What was listed of each source that could be read. */
    Map<String, String> positions() {
        return positions;
    }

    /** Why the others could not. */
    List<SourceException> failures() {
        return failures;
    }

    @Override
    public void close() {
        opened.forEach(Source::close);
    }

    private void fail(int index, SourceException e) {
        var source = declared.get(index);
        failures.add(e);
        positions.remove(source.name());
        seen.removeIf(one -> one.source().equals(source));
        seen.add(new Seen(source, null));
    }

    private void throwIfNoneIsLeft() {
        if (seen.stream().allMatch(one -> one.listing() == null) && !failures.isEmpty()) {
            throw failures.getFirst();
        }
    }
}
