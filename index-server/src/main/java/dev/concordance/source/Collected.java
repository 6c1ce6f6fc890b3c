package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Codec;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Sorter;
import dev.concordance.spool.Spool;
import dev.concordance.spool.Spools;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The entries of a listing while it is made: no id twice, and none that can't be an id. */
public final class Collected {
    private static final int LONGEST_ID = 1024;

    private static final EntryCodec ENTRIES = new EntryCodec();

    private final SourceManifest source;
    private final Reading reading;
    private final Spools spools;
    private final Sorter<Arrival> arrivals;
    private final AccessFile accessFile;
    private long passedOver;

    /** @param place where a person finds the entry, whatever its id: a path, or a path and line */
    private record Arrival(Entry entry, String place) {
        static final Codec<Arrival> CODEC = new Codec<>() {
            @Override
            public void write(Arrival arrival, DataOutput out) throws IOException {
                ENTRIES.write(arrival.entry(), out);
                Codec.writeString(arrival.place(), out);
            }

            @Override
            public Arrival read(DataInput in) throws IOException {
                return new Arrival(ENTRIES.read(in), Codec.readText(in));
            }
        };
    }

    /** A listing with nothing in it yet. */
    public Collected(SourceManifest source, Reading reading, Spools spools) {
        this.source = source;
        this.reading = reading;
        this.spools = spools;
        this.accessFile = new AccessFile(source);
        this.arrivals = spools.sorter(
                Arrival.CODEC, Comparator.comparing(arrival -> arrival.entry().id()));
    }

    /** Adds a file, or the documents that are its lines, or nothing if no document has such a name. */
    void add(FoundFile file) throws IOException {
        if (accessFile.takes(file)) {
            return;
        }
        var jsonl = source.jsonl();
        var size = file.size();
        if (jsonl != null && JsonLinesFile.isOne(file.name())) {
            new JsonLinesFile(file.local(), file.name(), file.changedAt(), jsonl, reading.maxBytes()).list(this);
        } else if (reading.passedOver().test(file.name())) {
            passOver();
        } else if (size.isPresent() && size.getAsLong() > reading.maxBytes()) {
            refuse(
                    file.name(),
                    file.changeKey(),
                    QuarantineReason.TooLarge,
                    new OversizedContent(size.getAsLong(), reading.maxBytes()).explanation());
        } else {
            add(new Entry.File(file.name(), file.changeKey(), size, file.changedAt()), file.name());
        }
    }

    /**
     * Adds an entry.
     *
     * @param place where a person finds the entry, whatever its id: a path, or a path and line
     */
    public void add(Entry entry, String place) {
        if (isId(entry.id())) {
            arrivals.add(new Arrival(entry, place));
        } else {
            refuse(
                    place,
                    entry.changeKey(),
                    QuarantineReason.BadId,
                    "its id has more than %d bytes, or characters that no id may have: give it another"
                            .formatted(LONGEST_ID));
        }
    }

    /** Lists what can't be a document. */
    public void refuse(String place, String changeKey, QuarantineReason reason, String message) {
        arrivals.add(new Arrival(new Entry.Unreadable(placeId(place), changeKey, reason, message), place));
    }

    /** Counts what is none of the documents. */
    public void passOver() {
        passedOver++;
    }

    /** The listing, with a digest of it as its position; throws as {@link #listing(String)}. */
    public Listing listing() {
        var rules = accessFile.rules();
        var entries = unique();
        requireReadable(entries);
        var digest = new Fingerprint("listing/1");
        if (rules != null) {
            digest = digest.with("access", rules.digest());
        }
        var whole = digest;
        try (var all = entries.open()) {
            all.forEachRemaining(entry -> whole.with(entry.id(), entry.changeKey()));
        }
        return new Listing(whole.digest(), entries, passedOver, rules);
    }

    /**
     * The listing. Throws {@link SourceException} if nothing in it is a document, since what is empty or misread by
     * mistake would delete all that was there.
     */
    public Listing listing(String position) {
        var rules = accessFile.rules();
        var entries = unique();
        requireReadable(entries);
        return new Listing(position, entries, passedOver, rules);
    }

    /** The same of a source that knows that nothing is missing, so that it may hold nothing. */
    Listing complete(String position) {
        return new Listing(position, unique(), passedOver, null);
    }

    /** The same as what has changed, which may be nothing. */
    public Listing changes(String position) {
        return new Listing(position, unique(), passedOver, null, Listing.Extent.Changes, null);
    }

    private void requireReadable(Sequence<Entry> entries) {
        Entry.@Nullable Unreadable first = null;
        try (var all = entries.open()) {
            while (all.hasNext()) {
                if (!(all.next() instanceof Entry.Unreadable unreadable)) {
                    return;
                }
                first = first == null ? unreadable : first;
            }
        }
        throw useless(entries.size(), first);
    }

    private SourceException useless(long entries, Entry.@Nullable Unreadable first) {
        return first == null
                ? new SourceException(
                        FailureReason.SourceEmpty,
                        "source %s holds no documents, so nothing was changed: correct its path, include or exclude, or remove the source"
                                .formatted(source.name()))
                : new SourceException(
                        FailureReason.SourceInvalid,
                        "source %s: none of its %d entries can be a document, so nothing was changed; the first, %s: %s"
                                .formatted(source.name(), entries, first.id(), first.message()));
    }

    /** Of the entries with one id the first that came, and a refusal of each other one under the name of its place. */
    private Sequence<Entry> unique() {
        Sorter<Entry> repeated = spools.sorter(ENTRIES, Comparator.comparing(Entry::id));
        var firsts = spools.spool(ENTRIES);
        try (var all = arrivals.sorted()) {
            var last = "";
            while (all.hasNext()) {
                var arrival = all.next();
                var entry = arrival.entry();
                if (!entry.id().equals(last)) {
                    firsts.add(entry);
                    last = entry.id();
                } else if (!(entry instanceof Entry.Unreadable)) {
                    repeated.add(new Entry.Unreadable(
                            placeId(arrival.place()),
                            entry.changeKey(),
                            QuarantineReason.DuplicateId,
                            "an earlier document of the source has the same id: make ids unique"));
                }
            }
        }
        try (var refusals = repeated.sorted()) {
            return refusals.hasNext() ? merged(firsts.end(), refusals) : firsts.end();
        }
    }

    private Sequence<Entry> merged(Sequence<Entry> firsts, Cursor<Entry> refusals) {
        var merged = spools.spool(ENTRIES);
        try (var entries = firsts.open()) {
            while (entries.hasNext()) {
                var entry = entries.next();
                addBefore(entry.id(), refusals, merged);
                merged.add(entry);
            }
        }
        addBefore(null, refusals, merged);
        return merged.end();
    }

    /** @param id that is taken; null: those after all others */
    private static void addBefore(@Nullable String id, Cursor<Entry> refusals, Spool<Entry> merged) {
        var last = "";
        for (var refusal = refusals.peek(); refusal != null; refusal = refusals.peek()) {
            var compared = id == null ? -1 : refusal.id().compareTo(id);
            if (compared > 0) {
                return;
            }
            if (compared < 0 && !refusal.id().equals(last)) {
                merged.add(refusal);
                last = refusal.id();
            }
            refusals.next();
        }
    }

    private static String placeId(String place) {
        return isId(place)
                ? place
                : "unnamed-" + new Fingerprint("place/1").with("place", place).digest();
    }

    /** Whether a document can have this id. */
    public static boolean isId(String id) {
        return id.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ID
                && id.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }
}
