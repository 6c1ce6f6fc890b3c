package dev.concordance.ingest;

import dev.concordance.access.AccessRules;
import dev.concordance.access.Acl;
import dev.concordance.index.Leftover;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.Shard;
import dev.concordance.ingest.Comparison.Seen;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstones;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.source.Before;
import dev.concordance.source.ChangeFeed;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Indexed;
import dev.concordance.source.LineContent;
import dev.concordance.source.Listing;
import dev.concordance.source.Listing.Extent;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sources of a run. One that can't be read fails the run, but not before the others are in step. */
final class Survey implements Documents, AutoCloseable {
    private final Map<String, Surveyed> sources = new LinkedHashMap<>();
    private final List<SourceException> failures = new ArrayList<>();
    private final Spools spools;
    private final Scope scope;
    private final String limits;
    private final Function<SourceManifest, Source> opening;
    private final DocumentReader reader;
    private final Tombstones tombstones;
    private final Consumer<String> inEffect;

    /**
     * The sources of a run.
     *
     * @param scope which documents are read of which nothing tells that they have changed
     * @param inEffect throws if the Erasure of a UID has gone
     */
    Survey(
            RunSpecification run,
            Function<SourceManifest, Source> opening,
            Spools spools,
            DocumentReader reader,
            Scope scope,
            Consumer<String> inEffect) {
        this.spools = spools;
        this.reader = reader;
        this.scope = scope;
        this.opening = opening;
        this.tombstones = run.tombstones();
        this.inEffect = inEffect;
        this.limits = run.limits().ofDocument();
        for (var source : run.sources()) {
            sources.put(source.name(), new Surveyed(source));
        }
    }

    /**
     * Lists what they hold, or what has changed; throws {@link SourceException} if none can be listed.
     *
     * @param due names of those that are asked
     * @param positions what the generation holds of sources
     */
    void list(StopSignal stop, Set<String> due, Sequence<ManifestRecord> records, Map<String, String> positions) {
        for (var one : sources.values()) {
            stop.check();
            if (!due.contains(one.declared.name())) {
                continue;
            }
            var begun = System.nanoTime();
            try {
                one.source = opening.apply(one.declared);
                var position = tellsAgain(one, records) ? null : positions.get(one.declared.name());
                var before = new Before(position, () -> indexed(one.declared, records), stop::check);
                var listing = one.source().list(spools, before);
                if (listing.incomplete() != null) {
                    fail(one, listing.incomplete());
                }
                one.listing = listing;
            } catch (SourceException e) {
                fail(one, e);
            } finally {
                one.took = Duration.ofNanos(System.nanoTime() - begun);
            }
        }
        throwIfNoneIsLeft();
    }

    private void fail(Surveyed one, SourceException failure) {
        one.failure = failure;
        failures.add(failure);
    }

    /**
     * A source that tells of changes alone wouldn't tell again of what comes back because its Erasure has gone, or because other limits
     * may let it in. Where nothing but changes is asked for it has been asked before.
     */
    private boolean tellsAgain(Surveyed one, Sequence<ManifestRecord> records) {
        if (scope == Scope.CHANGED || !(one.source instanceof ChangeFeed)) {
            return false;
        }
        try (var all = records.open()) {
            while (all.hasNext()) {
                var record = all.next();
                if (record.source().equals(one.declared.name())
                        && (comesBack(record) || record.exceededOthers(limits))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean comesBack(ManifestRecord record) {
        return record.state() == State.Erased && !tombstones.contains(record.message());
    }

    private Sequence<Indexed> indexed(SourceManifest declared, Sequence<ManifestRecord> records) {
        var settings = "/" + declared.settingsDigest();
        try (var all = records.open();
                var kept = spools.spool(Indexed.CODEC)) {
            while (all.hasNext()) {
                var record = all.next();
                var key = record.changeKey();
                if (record.source().equals(declared.name())) {
                    var isKnown = scope != Scope.ALL && key.endsWith(settings) && !comesBack(record);
                    var own = isKnown ? key.substring(0, key.length() - settings.length()) : "";
                    kept.add(new Indexed(record.documentId(), own));
                }
            }
            return kept.end();
        }
    }

    /** What differs from the records, with all that the reading of it needs brought near. */
    Difference difference(Sequence<ManifestRecord> records, Set<String> redone) {
        var difference = compare(records, redone, scope, Listing::access);
        return fetch(difference) ? difference : compare(records, redone, scope, Listing::access);
    }

    /** What of a shard is to be read because it differs from the records, and nothing else. */
    Difference difference(Sequence<ManifestRecord> records, Shard shard) {
        var difference = compare(records, Set.of(), scope, Listing::access).workOf(shard, spools);
        return fetch(difference)
                ? difference
                : compare(records, Set.of(), scope, Listing::access).workOf(shard, spools);
    }

    /** Brings near what the reading of work needs; false: the source of some of it doesn't give it. */
    private boolean fetch(Difference difference) {
        var allFetched = true;
        for (var one : sources.values()) {
            try (var work = difference.work().open()) {
                var entries = new EntriesOf(one.declared.name(), work, this::isCovered);
                if (entries.hasNext()) {
                    one.source().fetch(entries);
                }
            } catch (SourceException e) {
                fail(one, e);
                one.listing = null;
                allFetched = false;
            }
        }
        throwIfNoneIsLeft();
        return allFetched;
    }

    /** What differs from the records of another generation, whose access lists are left to its own runs. */
    Difference compare(Sequence<ManifestRecord> records) {
        return compare(records, Set.of(), Scope.PENDING, listing -> null);
    }

    private Difference compare(
            Sequence<ManifestRecord> records,
            Set<String> redone,
            Scope read,
            Function<Listing, @Nullable AccessRules> rules) {
        var seen = sources.values().stream()
                .map(one -> new Seen(one.declared, one.listing, one.listing == null ? null : rules.apply(one.listing)))
                .toList();
        return Comparison.between(records, seen, new Comparison.Terms(redone, read, limits, tombstones), spools);
    }

    private boolean isCovered(Work work) {
        return !tombstones.isEmpty()
                && tombstones.of(work.key(), work.source(), work.entry().id()) != null;
    }

    @Override
    public Content.Held fetch(Work work) throws UnreadableDocument, IOException {
        if (work.entry() instanceof Entry.Unreadable unreadable) {
            throw new UnreadableDocument(unreadable.reason(), unreadable.message());
        }
        return content(work).held();
    }

    @Override
    public SourceDocument read(Work work, byte[] bytes) throws UnreadableDocument, IOException {
        var source = of(work);
        var listing = Objects.requireNonNull(source.listing, "work comes from a listing");
        try {
            return reader.read(source.declared, work.entry(), bytes, listing.access());
        } catch (UnreadableDocument | RuntimeException unparsed) {
            if (source.declared.isPushed()) {
                var fields = DocumentReader.fields(source.declared, work.entry().id(), DocumentReader.tree(bytes));
                if (fields.erasure(tombstones) != null) {
                    return fields;
                }
            }
            throw unparsed;
        }
    }

    /** Who may see a file, by the rules of its source. */
    Acl acl(ManifestRecord file) {
        var listing = Objects.requireNonNull(sources.get(file.source())).listing;
        return Objects.requireNonNull(Objects.requireNonNull(listing).access()).of(file.documentId());
    }

    @Override
    public void erase(Work work, String erasure) {
        var source = of(work);
        if (source.declared.isPushed()) {
            // It may have been taken because the Erasure has gone, and is nowhere else.
            inEffect.accept(erasure);
        }
        if (work.isListed()) {
            // Else it is the next listing that tells of what was read.
            source.source().erase(work.entry());
        }
    }

    /** A page is asked for each time in any case. */
    @Override
    public boolean isListedAgain(Work work) {
        return !(of(work).source() instanceof ChangeFeed) && !(work.entry() instanceof Entry.Page);
    }

    @Override
    public long size(Work work) {
        try {
            return work.entry() instanceof Entry.Unreadable || isCovered(work)
                    ? 0
                    : content(work).size();
        } catch (IOException e) {
            // Whoever reads it will find out and tell.
            return 0;
        }
    }

    private Content content(Work work) {
        return switch (work.entry()) {
            case Entry.Stored stored -> of(work).source().content(stored);
            case Entry.Line line -> new LineContent(line);
            case Entry.Unreadable unreadable -> throw nothingToRead(unreadable);
            case Entry.Gone gone -> throw nothingToRead(gone);
        };
    }

    private static IllegalArgumentException nothingToRead(Entry entry) {
        return new IllegalArgumentException(entry.id() + " has nothing to read");
    }

    private Surveyed of(Work work) {
        return Objects.requireNonNull(sources.get(work.source()), "work comes from a declared source");
    }

    /** What was listed of a source; null: nothing. */
    @Nullable
    Listing listing(String source) {
        return Objects.requireNonNull(sources.get(source)).listing;
    }

    /** Whether each source has been listed as a whole. */
    boolean isWhole() {
        return failures.isEmpty();
    }

    /** Whether all that there is of the document's source has been listed, or it isn't declared any more. */
    boolean hasRead(Leftover chunk) {
        var one = sources.get(chunk.source());
        return one == null || one.isWhole();
    }

    /** Why a source could not be read as a whole; null: it could, or was not asked. */
    @Nullable
    SourceException failure(String source) {
        return Objects.requireNonNull(sources.get(source)).failure;
    }

    /** How long a source took to be listed. */
    Duration took(String source) {
        return Objects.requireNonNull(sources.get(source)).took;
    }

    /** How long it took to list all that were asked, one after the other. */
    Duration took() {
        return sources.values().stream().map(one -> one.took).reduce(Duration.ZERO, Duration::plus);
    }

    /** Names of all sources. */
    Set<String> names() {
        return sources.keySet();
    }

    /** What was listed of each source that could be read as a whole. */
    Map<String, String> positions() {
        var positions = new HashMap<String, String>();
        sources.forEach((name, one) -> {
            if (one.listing != null && one.listing.incomplete() == null) {
                positions.put(name, one.listing.position());
            }
        });
        return positions;
    }

    /** Those of the sources that are pushed to. */
    Map<String, String> pushed() {
        var pushed = positions();
        pushed.keySet()
                .removeIf(name ->
                        !Objects.requireNonNull(sources.get(name)).declared.isPushed());
        return pushed;
    }

    /**
     * The same, but of sources that tell what has changed what it was before, if that is where they went on from.
     *
     * @param former positions before the run
     */
    Map<String, String> positionsToReturnTo(Map<String, String> former) {
        var startedOver = startedOver();
        var positions = positions();
        sources.forEach((name, one) -> {
            if (one.source instanceof ChangeFeed) {
                var before = startedOver.contains(name) ? null : former.get(name);
                positions.compute(name, (same, now) -> before);
            }
        });
        return positions;
    }

    /** Sources that could tell what has changed, and were listed from the beginning. */
    Set<String> startedOver() {
        return sources.values().stream()
                .filter(one ->
                        one.source instanceof ChangeFeed && one.listing != null && one.listing.extent() == Extent.Whole)
                .map(one -> one.declared.name())
                .collect(Collectors.toSet());
    }

    /** Throws why a source could not be listed, or else what documents were not read for. */
    void failIfIncomplete(Optional<RuntimeException> unread) {
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        if (unread.isPresent()) {
            throw unread.get();
        }
    }

    @Override
    public void close() {
        sources.values().forEach(one -> {
            if (one.source != null) {
                one.source.close();
            }
        });
    }

    private void throwIfNoneIsLeft() {
        if (!failures.isEmpty() && sources.values().stream().allMatch(one -> one.listing == null)) {
            throw failures.getFirst();
        }
    }
}
