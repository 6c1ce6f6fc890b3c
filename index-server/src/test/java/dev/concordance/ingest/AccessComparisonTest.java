package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.access.AccessRules;
import dev.concordance.access.Acl;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.Access;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import dev.concordance.ingest.Comparison.Seen;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstones;
import dev.concordance.source.Entry;
import dev.concordance.source.EntryCodec;
import dev.concordance.source.Listing;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listing says of who may see documents that are known, without their being read. */
class AccessComparisonTest {
    private static final SourceManifest SOURCE = new SourceManifest(
            "docs",
            new SourceManifest.Volume("data", ""),
            List.of(),
            List.of(),
            null,
            null,
            new SourceManifest.Access("access", ".access.yaml"));
    private static final Access STAFF = Access.of(Acl.of("access", "group:staff"));
    private static final Access HR = Access.of(Acl.of("access", "group:hr"));

    private final Spools spools = Spools.in(Path.of("target", "spools"));
    private AccessRules rules;

    @BeforeEach
    void declare() throws Exception {
        var file = "rules: [{paths: a.md, principals: group:hr}, {paths: b.md, principals: group:staff}]";
        rules = AccessRules.parse(file.getBytes(StandardCharsets.UTF_8), glob -> glob::equals);
    }

    @AfterEach
    void close() {
        spools.close();
    }

    @Test
    void tellsThatOthersSeeAFileThatIsAsItWas() {
        var before = record("a.md", "1", STAFF);
        var difference = compare(
                List.of(before, record("b.md", "1", STAFF)), List.of(file("a.md", "1"), file("b.md", "1")), rules);
        assertThat(all(difference.others())).containsExactly(before);
        assertThat(all(difference.work())).isEmpty();
        assertThat(difference.unchanged().indexed()).isEqualTo(2);
    }

    @Test
    void tellsItOfAFileThatHasChangedTooWhichIsReadAsSeenByThem() {
        var before = record("a.md", "1", STAFF);
        var difference = compare(List.of(before), List.of(file("a.md", "2")), rules);
        assertThat(all(difference.others())).containsExactly(before);
        assertThat(all(difference.work()))
                .singleElement()
                .extracting(Work::before)
                .isEqualTo(before.with(HR));
    }

    @Test
    void doesAnAccessListAgainThatWasBeingChanged() {
        var changing = record("a.md", "1", Access.CHANGING);
        assertThat(all(compare(List.of(changing), List.of(file("a.md", "1")), rules)
                        .others()))
                .containsExactly(changing);
        assertThat(all(compare(List.of(changing), List.of(file("a.md", "1")), null)
                        .work()))
                .as("only the document itself says who sees it")
                .hasSize(1);
    }

    @Test
    void countsWhatNoRuleIsAbout() {
        var difference = compare(List.of(record("c.md", "1", STAFF)), List.of(file("c.md", "1")), rules);
        assertThat(difference.unchanged().hidden()).isEqualTo(1);
        assertThat(difference.unchanged().hiddenSample())
                .singleElement()
                .satisfies(hidden -> assertThat(hidden.message()).contains("no rule"));
    }

    @Test
    void appliesNoRuleToWhatHasNoPath() {
        var line = new Entry.Line("a.md", "1", Path.of("all.jsonl"), 0, 1, null);
        var difference = compare(List.of(record("a.md", "1", STAFF)), List.of(line), rules);
        assertThat(all(difference.others())).isEmpty();
        assertThat(difference.unchanged().hidden()).isZero();
    }

    @Test
    void saysOfAnotherGenerationOnlyWhatItsChunksHave() {
        var withheld = record("a.md", "1", STAFF).withheldUnder("3-0a1b2c3d");
        var difference = compare(List.of(withheld), List.of(file("a.md", "1")), null);
        assertThat(all(difference.returned())).containsExactly(withheld);
        assertThat(all(difference.others())).isEmpty();
    }

    private Difference compare(List<ManifestRecord> known, List<Entry> listed, @Nullable AccessRules applied) {
        var records = spools.spool(new RecordCodec());
        known.forEach(records::add);
        var entries = spools.spool(new EntryCodec());
        listed.forEach(entries::add);
        var seen = new Seen(SOURCE, new Listing("position", entries.end(), 0, applied), applied);
        return Comparison.between(
                records.end(),
                List.of(seen),
                new Comparison.Terms(Set.of(), Scope.PENDING, "10/5", Tombstones.NONE),
                spools);
    }

    private static Entry file(String path, String changeKey) {
        return new Entry.File(path, changeKey, OptionalLong.of(1), null);
    }

    private static ManifestRecord record(String path, String changeKey, Access access) {
        return new ManifestRecord(
                "docs",
                path,
                changeKey + "/" + SOURCE.settingsDigest(),
                "content",
                "metadata",
                1,
                2,
                18,
                "chunks",
                0,
                State.Indexed,
                null,
                null,
                null,
                access);
    }

    private static <T> List<T> all(Sequence<T> sequence) {
        var all = new ArrayList<T>();
        try (var cursor = sequence.open()) {
            cursor.forEachRemaining(all::add);
        }
        return all;
    }
}
