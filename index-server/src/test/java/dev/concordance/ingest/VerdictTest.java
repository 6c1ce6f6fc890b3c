package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.RecordCodec;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.Withheld;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final int DOCUMENTS = 100;

    private final Spools spools = Spools.in(Path.of("target", "spools"));

    @ParameterizedTest
    @CsvSource({
        "5, 10, 5, true",
        "5, 10, 6, true",
        "5, 10, 10, true",
        "5, 10, 11, false",
        "20, 10, 20, true",
        "20, 10, 21, false",
        "0, 0, 1, false",
        "0, 100, 100, true"
    })
    void withholdsWhatExceedsBothBounds(int maxDocuments, int maxPercent, int gone, boolean goes) {
        var verdict = judge(1, new DeletionGuard(maxDocuments, maxPercent, null, 1), plain(0, gone));
        assertThat(verdict.removed().size()).isEqualTo(goes ? gone : 0);
        assertThat(verdict.marked().size()).isEqualTo(goes ? 0 : gone);
        assertThat(verdict.withheld() == null).isEqualTo(goes);
    }

    @Test
    void tellsHowManyAndWhich() {
        var withheld = withheld(judge(7, guard(null), plain(0, 30)));
        assertThat(withheld.documents()).isEqualTo(30);
        assertThat(withheld.of()).isEqualTo(DOCUMENTS);
        assertThat(withheld.sample()).hasSize(Withheld.SAMPLE).contains("docs:d00", "docs:d09");
        assertThat(withheld.token()).matches("7-[0-9a-f]{8}");
    }

    @Test
    void keepsItsTokenWhileNothingElseDisappears() {
        var token = withheld(judge(7, guard(null), plain(0, 30))).token();
        var again = judge(8, guard(null), marked(0, 30, token));
        assertThat(again.marked().isEmpty()).isTrue();
        assertThat(withheld(again).token()).isEqualTo(token);
    }

    @Test
    void removesWhatWasApproved() {
        var verdict = judge(8, guard("7-aaaaaaaa"), marked(0, 30, "7-aaaaaaaa"));
        assertThat(ids(verdict.removed())).hasSize(30);
        assertThat(verdict.withheld()).isNull();
    }

    @Test
    void approvesNothingThatDisappearedLater() {
        var gone = Stream.concat(marked(0, 30, "7-aaaaaaaa"), plain(30, 60));
        var verdict = judge(8, guard("7-aaaaaaaa"), gone);
        assertThat(ids(verdict.removed())).isEqualTo(ids(0, 30));
        assertThat(ids(verdict.marked())).isEqualTo(ids(30, 60));
        assertThat(withheld(verdict).token()).startsWith("8-");
        assertThat(withheld(verdict).documents()).isEqualTo(30);
    }

    @Test
    void approvesWhatWasWithheldBeforeTooByTheLatestToken() {
        var gone = Stream.concat(marked(0, 30, "7-aaaaaaaa"), marked(30, 60, "8-bbbbbbbb"));
        assertThat(withheld(judge(9, guard(null), gone)).token()).isEqualTo("8-bbbbbbbb");
        gone = Stream.concat(marked(0, 30, "7-aaaaaaaa"), marked(30, 60, "8-bbbbbbbb"));
        assertThat(ids(judge(9, guard("8-bbbbbbbb"), gone).removed())).hasSize(60);
    }

    @Test
    void approvesByTheTokenThatWasShownLastThoughAllThatBoreItHaveGone() {
        var shown = "8-bbbbbbbb";
        var first = judge(9, guard(shown), marked(30, 60, shown), marked(0, 30, "7-aaaaaaaa"), shown(shown));
        assertThat(ids(first.removed())).hasSize(30);
        assertThat(withheld(first).documents())
                .as("their source has not said anything of them this time")
                .isEqualTo(30);
        assertThat(withheld(first).token()).isEqualTo(shown);

        var second = judge(10, guard(shown), marked(0, 30, "7-aaaaaaaa"), Stream.of(), first.withheld());
        assertThat(ids(second.removed())).hasSize(30);
        assertThat(second.withheld()).isNull();
    }

    @Test
    void approvesByATokenThatWasAcceptedThoughOthersWereShownSince() {
        var accepted = "8-bbbbbbbb";
        var first = judge(9, guard(accepted), marked(30, 60, accepted), marked(0, 30, "7-aaaaaaaa"), shown(accepted));
        var second = judge(10, guard(accepted), plain(60, 90), marked(0, 30, "7-aaaaaaaa"), first.withheld());
        var later = withheld(second).token();
        assertThat(later).startsWith("10-");

        var third = judge(
                11,
                guard(accepted),
                Stream.concat(marked(0, 30, "7-aaaaaaaa"), marked(60, 90, later)),
                Stream.of(),
                second.withheld());

        assertThat(ids(third.removed())).isEqualTo(ids(0, 30));
        assertThat(withheld(third).documents()).isEqualTo(30);
    }

    private static Withheld shown(String token) {
        return new Withheld(token, 60, DOCUMENTS, List.of(), null);
    }

    @Test
    void approvesNothingLaterByTheTokenThatWasShownLast() {
        var verdict = judge(10, guard("8-bbbbbbbb"), marked(0, 30, "9-cccccccc"), Stream.of(), shown("8-bbbbbbbb"));
        assertThat(verdict.removed().isEmpty()).isTrue();
        assertThat(withheld(verdict).token()).isEqualTo("9-cccccccc");
    }

    @ParameterizedTest
    @CsvSource({"99-aaaaaaaa", "7-bbbbbbbb", "7", "true", "'*'", "x-y"})
    void takesNoTokenThatWasNotGivenOut(String token) {
        var verdict = judge(8, guard(token), marked(0, 30, "7-aaaaaaaa"));
        assertThat(verdict.removed().isEmpty()).isTrue();
    }

    @Test
    void countsOnlyWhatIsSearchable() {
        var hidden = plain(0, 60).map(record -> record.quarantined(QuarantineReason.BrokenJson, "broken"));
        var verdict = judge(1, guard(null), hidden);
        assertThat(verdict.removed().size()).isEqualTo(60);
        assertThat(verdict.withheld()).isNull();
    }

    @Test
    void letsTheRestGoOnceItIsFewEnough() {
        assertThat(judge(9, guard(null), marked(0, 5, "7-aaaaaaaa")).removed().size())
                .isEqualTo(5);
    }

    private Verdict judge(long epoch, DeletionGuard guard, Stream<ManifestRecord> gone) {
        return judge(epoch, guard, gone, Stream.of(), null);
    }

    private Verdict judge(
            long epoch,
            DeletionGuard guard,
            Stream<ManifestRecord> gone,
            Stream<ManifestRecord> waiting,
            @Nullable Withheld last) {
        var lost = spools.spool(new RecordCodec());
        gone.forEach(lost::add);
        var unsaid = spools.spool(new RecordCodec());
        waiting.forEach(unsaid::add);
        return Verdict.of(
                lost.end(),
                unsaid.end(),
                record -> record.state() == State.Indexed,
                new Allowance(guard, DOCUMENTS, 0, last),
                epoch,
                spools);
    }

    private static Withheld withheld(Verdict verdict) {
        return Objects.requireNonNull(verdict.withheld());
    }

    private static DeletionGuard guard(@Nullable String approved) {
        return new DeletionGuard(5, 10, approved, 1);
    }

    private static Stream<ManifestRecord> plain(int from, int to) {
        return ids(from, to).stream()
                .map(id -> new ManifestRecord(
                        "docs", id, "k", "c", "m", 1, 2, 18, null, 0, State.Indexed, null, null, null, null));
    }

    private static Stream<ManifestRecord> marked(int from, int to, String token) {
        return plain(from, to).map(record -> record.withheldUnder(token));
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj("d%02d"::formatted).toList();
    }

    private static List<String> ids(Sequence<ManifestRecord> records) {
        var ids = new ArrayList<String>();
        try (var all = records.open()) {
            all.forEachRemaining(record -> ids.add(record.documentId()));
        }
        return ids;
    }
}
