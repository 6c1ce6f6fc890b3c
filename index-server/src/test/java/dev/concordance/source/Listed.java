package dev.concordance.source;

import dev.concordance.access.AccessRules;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listing that is short enough for a list. */
record Listed(
        String position,
        List<Entry> entries,
        long passedOver,
        @Nullable AccessRules access) {
    /** So little is listed that no file is written. */
    static Listed of(Source source) {
        try (var spools = Spools.in(Path.of("target", "spools"))) {
            var listing = source.list(spools);
            return new Listed(listing.position(), all(listing.entries()), listing.passedOver(), listing.access());
        }
    }

    static Content content(Source source, Entry entry) {
        return entry instanceof Entry.Line line ? new LineContent(line) : source.content((Entry.Stored) entry);
    }

    static String text(Source source, Entry entry) throws IOException {
        return new String(content(source, entry).read(), StandardCharsets.UTF_8);
    }

    private static <T> List<T> all(Sequence<T> sequence) {
        try (Cursor<T> cursor = sequence.open()) {
            var all = new ArrayList<T>();
            cursor.forEachRemaining(all::add);
            return all;
        }
    }
}
