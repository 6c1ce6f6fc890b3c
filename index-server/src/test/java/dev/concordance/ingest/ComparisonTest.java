package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import dev.concordance.ingest.Comparison.Seen;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.source.Entry;
import dev.concordance.source.EntryCodec;
import dev.concordance.source.Listing;
import dev.concordance.source.Listing.Extent;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import dev.concordance.testing.Corpora;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a listing says of documents, among them those that it doesn't name. */
class ComparisonTest {
    private static final SourceManifest SOURCE = Corpora.volume("files", null);

    @TempDir
    private Path folder;

    private Spools spools;
    private Tombstones tombstones = Tombstones.NONE;

    @BeforeEach
    void open() {
        spools = Spools.in(folder);
    }

    @AfterEach
    void close() {
        spools.close();
    }

    @Test
    void takesWhatAWholeListingDoesNotNameForGone() {
        var difference = compare(Extent.Whole, List.of(record("a", null), record("b", null)), file("b"));
        assertThat(ids(difference.gone())).containsExactly("a");
        assertThat(difference.unchanged().documents()).isEqualTo(1);
    }

    @Test
    void leavesWhatHasNotChangedAsItIs() {
        var difference = compare(
                Extent.Changes,
                List.of(record("a", null), record("b", null), record("c", null), record("e", null)),
                new Entry.Gone("b"),
                new Entry.File("c", "changed", OptionalLong.empty(), null),
                file("d"));
        assertThat(ids(difference.gone())).containsExactly("b");
        assertThat(difference.unchanged().documents()).isEqualTo(2);
        assertThat(difference.before().documents()).isEqualTo(4);
        assertThat(work(difference)).containsExactly("c", "d");
    }

    @Test
    void takesADeletionOfWhatNobodyKnowsForNothing() {
        var difference = compare(Extent.Changes, List.of(record("b", null)), new Entry.Gone("a"), new Entry.Gone("c"));
        assertThat(difference.gone().isEmpty()).isTrue();
        assertThat(difference.work().isEmpty()).isTrue();
        assertThat(difference.unchanged().documents()).isEqualTo(1);
    }

    @Test
    void seesThatADocumentWhoseDeletionIsWithheldHasReturned() {
        var difference = compare(Extent.Changes, List.of(record("a", "1-token")), file("a"));
        assertThat(difference.gone().isEmpty()).isTrue();
        assertThat(ids(difference.returned())).containsExactly("a");
    }

    @Test
    void looksAgainAtAnUnchangedDocumentThatAnErasureCovers() {
        tombstones = covering("a");
        var difference = compare(Extent.Whole, List.of(record("a", null), record("b", null)), file("a"), file("b"));
        assertThat(work(difference)).containsExactly("a");
    }

    @Test
    void leavesAnErasedDocumentAloneUntilItsErasureHasGone() {
        tombstones = covering("z");
        var key = record("a", null).changeKey();
        var records = List.of(
                record("a", null).erased("uid").withChangeKey(key),
                record("b", null).erased("lifted").withChangeKey(key),
                record("c", null));
        var difference = compare(Extent.Whole, records, file("a"), file("b"), file("c"));
        assertThat(work(difference)).containsExactly("b");
        assertThat(difference.gone().isEmpty()).isTrue();
        assertThat(difference.unchanged().indexed()).isEqualTo(1);
        assertThat(difference.unchanged().skipped()).isEqualTo(1);
    }

    @Test
    void asksForNothingOfAnErasedDocumentThatItsNameCovers() {
        tombstones = covering("a");
        var erased = record("a", null).erased("uid");
        assertThat(work(compare(Extent.Whole, List.of(erased), file("a")))).isEmpty();
        var ofAnother = record("a", null).erased("another");
        var withKey = erased.withChangeKey(record("a", null).changeKey());
        for (var known : List.of(ofAnother, withKey)) {
            assertThat(work(compare(Extent.Whole, List.of(known), file("a")))).containsExactly("a");
        }
    }

    private static Tombstones covering(String id) {
        return Tombstones.of(List.of(
                new Tombstone("uid", List.of(), List.of(new Tombstone.NamedDocument(id, null)), List.of(), List.of())));
    }

    @Test
    void looksAgainAtWhatWasPushedAgainThoughItsErasureHolds() {
        tombstones = covering("a");
        var declared = new SourceManifest(SOURCE.name(), new SourceManifest.Push(), List.of(), List.of(), null, null);
        var erased = record("a", null).erased("uid");
        var difference = compare(declared, Extent.Changes, List.of(erased), new Entry.Row("a", "same", 1, null));
        assertThat(work(difference)).containsExactly("a");
        assertThat(compare(declared, Extent.Changes, List.of(erased)).work().isEmpty())
                .isTrue();
    }

    @Test
    void readsWhatExceededLimitsAgainWhenTheyAreOthers() {
        var tooLarge = record("a", null).exceeding("9/5", QuarantineReason.TooLarge, "it is too large");
        var asBefore = record("b", null).exceeding("10/5", QuarantineReason.TooManyChunks, "it is too long");
        var difference = compare(Extent.Whole, List.of(tooLarge, asBefore), file("a"), file("b"));
        assertThat(work(difference)).containsExactly("a");
    }

    private Difference compare(Extent extent, List<ManifestRecord> records, Entry... entries) {
        return compare(SOURCE, extent, records, entries);
    }

    private Difference compare(SourceManifest declared, Extent extent, List<ManifestRecord> records, Entry... entries) {
        var known = spools.spool(new RecordCodec());
        records.forEach(known::add);
        var listed = spools.spool(new EntryCodec());
        List.of(entries).forEach(listed::add);
        var seen = new Seen(declared, new Listing("position", listed.end(), 0, null, extent, null), null);
        return Comparison.between(
                known.end(), List.of(seen), new Comparison.Terms(Set.of(), Scope.PENDING, "10/5", tombstones), spools);
    }

    private static Entry file(String id) {
        return new Entry.File(id, "same", OptionalLong.empty(), null);
    }

    private static ManifestRecord record(String id, @Nullable String withheld) {
        var changeKey = "same/" + SOURCE.settingsDigest();
        return new ManifestRecord(
                SOURCE.name(),
                id,
                changeKey,
                "content",
                "metadata",
                1,
                1,
                9,
                null,
                0,
                State.Indexed,
                null,
                null,
                withheld,
                null);
    }

    private static List<String> ids(Sequence<ManifestRecord> records) {
        var ids = new ArrayList<String>();
        try (var all = records.open()) {
            all.forEachRemaining(record -> ids.add(record.documentId()));
        }
        return ids;
    }

    private static List<String> work(Difference difference) {
        var ids = new ArrayList<String>();
        try (var all = difference.work().open()) {
            all.forEachRemaining(work -> ids.add(work.entry().id()));
        }
        return ids;
    }
}
