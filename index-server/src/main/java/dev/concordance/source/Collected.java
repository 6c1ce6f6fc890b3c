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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The entries of a listing while it is made: no id twice, and none that can't be an id. */
public final class Collected {
    private static final int LONGEST_ID = 1024;

    /** What is listed without an id of its own is called so, and therefore nothing else. */
    private static final Pattern UNNAMED = Pattern.compile("unnamed-[0-9a-f]{32}");

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
            var local = file.local();
            new JsonLinesFile(local, file.name(), file.changedAt(), jsonl, reading.maxBytes())
                    .list(file.open(local), this);
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
        if (entry instanceof Entry.Unreadable || entry instanceof Entry.Gone || isId(entry.id())) {
            arrivals.add(new Arrival(entry, place));
        } else {
            refuse(
                    place,
                    entry.changeKey(),
                    QuarantineReason.BadId,
                    "its id is empty, has more than %d bytes, or characters that no id may have: give it another"
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
        var repeated = refusals();
        var firsts = spools.spool(ENTRIES);
        try (var all = arrivals.sorted()) {
            Arrival first = null;
            while (all.hasNext()) {
                var arrival = all.next();
                if (first == null || !arrival.entry().id().equals(first.entry().id())) {
                    firsts.add(arrival.entry());
                    first = arrival;
                } else if (!isListedAgain(arrival, first)) {
                    repeated.add(refusal(arrival));
                }
            }
        }
        return withAll(firsts.end(), repeated);
    }

    private Sorter<Entry> refusals() {
        return spools.sorter(ENTRIES, Comparator.comparing(Entry::id));
    }

    /** A store whose listing changes meanwhile may list an object again; a bucket can't hold two with one key. */
    private boolean isListedAgain(Arrival arrival, Arrival first) {
        return source.location() instanceof SourceManifest.S3 && arrival.place().equals(first.place());
    }

    private static Entry refusal(Arrival arrival) {
        return arrival.entry() instanceof Entry.Unreadable unreadable
                ? unreadable
                : new Entry.Unreadable(
                        placeId(arrival.place()),
                        arrival.entry().changeKey(),
                        QuarantineReason.DuplicateId,
                        "an earlier document of the source has the same id: make ids unique");
    }

    /** A place may be an id too: of a document in another file, or of another place that reads alike. */
    private Sequence<Entry> withAll(Sequence<Entry> entries, Sorter<Entry> refusals) {
        var all = entries;
        for (var left = refusals; ; ) {
            try (var sorted = left.sorted()) {
                if (!sorted.hasNext()) {
                    return all;
                }
                left = refusals();
                all = merged(all, sorted, left);
            }
        }
    }

    /** @param taken where those refusals go whose ids are taken, under ids that no document has */
    private Sequence<Entry> merged(Sequence<Entry> all, Cursor<Entry> refusals, Sorter<Entry> taken) {
        var merged = spools.spool(ENTRIES);
        try (var entries = all.open()) {
            while (entries.hasNext()) {
                var entry = entries.next();
                addBefore(entry.id(), refusals, merged, taken);
                merged.add(entry);
            }
        }
        addBefore(null, refusals, merged, taken);
        return merged.end();
    }

    /** @param id that is taken; null: those after all others */
    private static void addBefore(
            @Nullable String id, Cursor<Entry> refusals, Spool<Entry> merged, Sorter<Entry> taken) {
        var last = "";
        var sameId = 0;
        for (var refusal = refusals.peek(); refusal != null; refusal = refusals.peek()) {
            var compared = id == null ? -1 : refusal.id().compareTo(id);
            if (compared > 0) {
                return;
            }
            sameId = refusal.id().equals(last) ? sameId + 1 : 0;
            last = refusal.id();
            if (compared < 0 && sameId == 0) {
                merged.add(refusal);
            } else {
                taken.add(renamed((Entry.Unreadable) refusal, sameId));
            }
            refusals.next();
        }
    }

    /** @param number of the refusal among those whose place is called alike */
    private static Entry renamed(Entry.Unreadable refusal, int number) {
        var place = refusal.id();
        return new Entry.Unreadable(
                unnamed(new Fingerprint("taken/1").with("place", place).with("number", number)),
                refusal.changeKey(),
                refusal.reason(),
                isId(place) ? place + ": " + refusal.message() : refusal.message());
    }

    private static String placeId(String place) {
        return isId(place) ? place : unnamed(new Fingerprint("place/1").with("place", place));
    }

    private static String unnamed(Fingerprint of) {
        return "unnamed-" + of.digest();
    }

    /** Whether a document can have this id. */
    public static boolean isId(String id) {
        return !id.isEmpty()
                && id.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ID
                && !UNNAMED.matcher(id).matches()
                && id.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }
}
