package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The entries of a listing while it is made: no id twice, and none that can't be an id. */
final class Collected {
    private static final int LONGEST_ID = 1024;

    private final SourceManifest source;
    private final Reading reading;
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private long passedOver;
    private long readable;

    Collected(SourceManifest source, Reading reading) {
        this.source = source;
        this.reading = reading;
    }

    /** Adds a file, or the documents that are its lines, or nothing if no document has such a name. */
    void add(FoundFile file) throws IOException {
        var jsonl = source.jsonl();
        var size = file.size();
        if (jsonl != null && JsonLinesFile.isOne(file.name())) {
            new JsonLinesFile(file.local(), file.name(), jsonl, reading.maxBytes()).list(this);
        } else if (reading.passedOver().test(file.name())) {
            passOver();
        } else if (size.isPresent() && size.getAsLong() > reading.maxBytes()) {
            refuse(
                    file.name(),
                    file.changeKey(),
                    QuarantineReason.TooLarge,
                    new OversizedContent(size.getAsLong(), reading.maxBytes()).explanation());
        } else {
            add(new Entry.File(file.name(), file.changeKey(), file.content()), file.name());
        }
    }

    /** @param place where a person finds the entry, whatever its id: a path, or a path and line */
    void add(Entry entry, String place) {
        if (!isId(entry.id())) {
            refuse(
                    place,
                    entry.changeKey(),
                    QuarantineReason.BadId,
                    "its id has more than %d bytes, or characters that no id may have: give it another"
                            .formatted(LONGEST_ID));
        } else if (ids.add(entry.id())) {
            entries.add(entry);
            readable++;
        } else {
            refuse(
                    place,
                    entry.changeKey(),
                    QuarantineReason.DuplicateId,
                    "an earlier document of the source has the same id: make ids unique");
        }
    }

    /** Lists what can't be a document. */
    void refuse(String place, String changeKey, QuarantineReason reason, String message) {
        var id = isId(place)
                ? place
                : "unnamed-" + new Fingerprint("place/1").with("place", place).digest();
        if (ids.add(id)) {
            entries.add(new Entry.Unreadable(id, changeKey, reason, message));
        }
    }

    /** Counts what is none of the documents. */
    void passOver() {
        passedOver++;
    }

    /** The listing, with a digest of it as its position; throws as {@link #listing(String)}. */
    Listing listing() {
        var position = new Fingerprint("listing/1");
        entries.forEach(entry -> position.with(entry.id(), entry.changeKey()));
        return listing(position.digest());
    }

    /**
     * The listing. Throws {@link SourceException} if nothing in it is a document, since what is empty or misread by
     * mistake would delete all that was there.
     */
    Listing listing(String position) {
        if (entries.isEmpty()) {
            throw new SourceException(
                    FailureReason.SourceEmpty,
                    "source %s holds no documents, so nothing was changed: correct its path, include or exclude, or remove the source"
                            .formatted(source.name()));
        }
        if (readable == 0 && entries.getFirst() instanceof Entry.Unreadable first) {
            throw new SourceException(
                    FailureReason.SourceInvalid,
                    "source %s: none of its %d entries can be a document, so nothing was changed; the first, %s: %s"
                            .formatted(source.name(), entries.size(), first.id(), first.message()));
        }
        return new Listing(position, entries, passedOver);
    }

    private static boolean isId(String id) {
        return id.getBytes(StandardCharsets.UTF_8).length <= LONGEST_ID
                && id.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    }
}
