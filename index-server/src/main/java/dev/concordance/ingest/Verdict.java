package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.Withheld;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.util.ArrayList;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of documents that their sources don't hold any more, or not as something that can be searched. If more of them would go at once than the guard allows,
 * they are withheld under a token. Each record keeps the token under which it was withheld first, so that an approval is of
 * what was withheld when the token was shown, and never of what disappeared later.
 *
 * @param removed those that go
 * @param marked those that are withheld now and weren't before
 * @param allowed how many searches will miss of those that go without anybody's approval
 * @param withheld all that are withheld, with the token that approves them; null: none is
 */
record Verdict(
        Sequence<ManifestRecord> removed,
        Sequence<ManifestRecord> marked,
        long allowed,
        @Nullable Withheld withheld) {
    private static final RecordCodec RECORDS = new RecordCodec();
    private static final int DIGITS = 8;
    private static final long NONE = -1;

    /**
     * Decides.
     *
     * @param gone records of documents that their sources don't hold, or not any more as something that can be searched
     * @param waiting records of documents that are withheld, and of which nothing was said this time
     * @param allowance how many may go
     * @param loss which of them searches would miss
     * @param epoch of the writer, which makes tokens of different runs different
     */
    static Verdict of(
            Sequence<ManifestRecord> gone,
            Sequence<ManifestRecord> waiting,
            Predicate<ManifestRecord> loss,
            Allowance allowance,
            long epoch,
            Spools spools) {
        var accepted = accepted(allowance, gone);
        var approved = epoch(accepted);
        Predicate<ManifestRecord> atStake = loss.and(record -> isAfter(record, approved));
        var fresh = surplus(gone, atStake);
        var surplus = fresh + waiting.size();
        if (waiting.isEmpty() && allowance.allows(surplus)) {
            return new Verdict(gone, spools.spool(RECORDS).end(), fresh, null);
        }
        var removed = spools.spool(RECORDS);
        var marked = spools.spool(RECORDS);
        var sample = new ArrayList<String>();
        var digest = new Fingerprint("withheld/1");
        var latest = Objects.requireNonNullElse(accepted, "");
        try (var records = gone.open()) {
            while (records.hasNext()) {
                var record = records.next();
                if (!atStake.test(record)) {
                    removed.add(record);
                    continue;
                }
                digest.with(record.source(), record.documentId());
                if (sample.size() < Withheld.SAMPLE) {
                    sample.add(record.source() + ":" + record.documentId());
                }
                if (record.withheld() == null) {
                    marked.add(record);
                } else if (epoch(record.withheld()) > epoch(latest)) {
                    latest = record.withheld();
                }
            }
        }
        latest = latest(waiting, latest);
        var added = marked.end();
        var token = added.isEmpty() ? latest : epoch + "-" + digest.digest().substring(0, DIGITS);
        return new Verdict(removed.end(), added, 0, allowance.withheld(token, surplus, sample, accepted));
    }

    private static String latest(Sequence<ManifestRecord> waiting, String found) {
        var latest = found;
        try (var records = waiting.open()) {
            while (records.hasNext()) {
                var mark = String.valueOf(records.next().withheld());
                latest = epoch(mark) > epoch(latest) ? mark : latest;
            }
        }
        return latest;
    }

    private static long surplus(Sequence<ManifestRecord> gone, Predicate<ManifestRecord> atStake) {
        var surplus = 0L;
        try (var records = gone.open()) {
            while (records.hasNext()) {
                surplus += atStake.test(records.next()) ? 1 : 0;
            }
        }
        return surplus;
    }

    private static boolean isAfter(ManifestRecord record, long approved) {
        var mark = record.withheld();
        return mark == null || epoch(mark) > approved;
    }

    /**
     * The token up to whose epoch what was withheld may go; null: there is none. Only a token that was given out approves anything: it is on a record, was shown
     * last, or approved something before, of which the rest may have waited for its source.
     */
    private static @Nullable String accepted(Allowance allowance, Sequence<ManifestRecord> gone) {
        var token = allowance.guard().approved();
        if (token == null) {
            return null;
        }
        if (allowance.last() != null && allowance.last().knows(token)) {
            return token;
        }
        try (var records = gone.open()) {
            while (records.hasNext()) {
                if (token.equals(records.next().withheld())) {
                    return token;
                }
            }
        }
        return null;
    }

    private static long epoch(@Nullable String token) {
        var dash = token == null ? -1 : token.indexOf('-');
        return dash < 0 ? NONE : Long.parseLong(token, 0, dash, 10);
    }
}
