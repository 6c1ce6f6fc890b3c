package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.QuarantineReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The entries of a listing while it is made: no id twice, and none that can't be an id. */
final class Collected {
    private static final int LONGEST_ID = 1024;

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    /** @param place where a person finds the entry, whatever its id: a path, or a path and line */
    void add(Entry entry, String place) {
        if (entry.id().getBytes(StandardCharsets.UTF_8).length > LONGEST_ID
                || entry.id().chars().anyMatch(Character::isISOControl)) {
            refuse(
                    place,
                    entry.changeKey(),
                    QuarantineReason.BadId,
                    "its id has more than %d bytes or control characters: give it a shorter one".formatted(LONGEST_ID));
        } else if (ids.add(entry.id())) {
            entries.add(entry);
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
        var id = place.chars().anyMatch(Character::isISOControl) || place.length() > LONGEST_ID / 4
                ? "unnamed-" + new Fingerprint("place/1").with("place", place).digest()
                : place;
        if (ids.add(id)) {
            entries.add(new Entry.Unreadable(id, changeKey, reason, message));
        }
    }

    /** Throws {@link SourceException} if nothing was collected: what is empty by mistake would delete all. */
    List<Entry> entries(String source) {
        if (entries.isEmpty()) {
            throw new SourceException(
                    FailureReason.SourceEmpty,
                    "source %s holds no documents, so nothing was changed: correct its path, include or exclude, or remove the source"
                            .formatted(source));
        }
        return entries;
    }
}
