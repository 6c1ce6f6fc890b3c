package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.GenerationState.Followed;
import dev.concordance.manifest.GenerationState.Late;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Tombstones;
import dev.concordance.testing.Corpora;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private static RunSpecification specification(RunMode mode, RunSpecification.@Nullable Following following) {
        return new RunSpecification(
                "handbook-7",
                mode,
                new IndexNames("cc", "docs", "handbook"),
                Corpora.manifest(1),
                List.of(),
                List.of(),
                new ElasticsearchAccess(List.of(), null, null),
                Corpora.LIMITS,
                Corpora.UNGUARDED,
                Tombstones.NONE,
                null,
                following,
                null,
                true);
    }

    private static Course followed(Optional<GenerationState> last) {
        return new Course(specification(RunMode.Follow, new RunSpecification.Following(5_000, 5_000)), last);
    }

    private static GenerationState advance(Course course, Instant freshAsOf, Instant searchableAt) {
        return course.state(
                new Course.Listed(freshAsOf, Map.of(), false, null, null, true),
                new Tally(),
                List.of(),
                List.of(),
                null,
                searchableAt);
    }

    private static Followed told(GenerationState state) {
        return Objects.requireNonNull(state.followed());
    }

    @Test
    void tellsWhenAnswersWereTooOldFromTheDeadlineUntilTheNextListingWasSearchable() {
        var course = followed(Optional.empty());
        advance(course, NOON, NOON.plusMillis(100));
        assertThat(told(advance(course, NOON.plusSeconds(4), NOON.plusSeconds(5)))
                        .late())
                .isEmpty();
        assertThat(told(advance(course, NOON.plusSeconds(11), NOON.plusSeconds(12)))
                        .late())
                .containsExactly(new Late(NOON.plusSeconds(9), NOON.plusSeconds(12)));
    }

    @Test
    void countsNoTimeTwiceAndNoneThatIsNotOver() {
        var course = followed(Optional.empty());
        advance(course, NOON, NOON);
        assertThat(told(advance(course, NOON, NOON.plusSeconds(20))).late()).isEmpty();
        advance(course, NOON.plusSeconds(1), NOON.plusSeconds(21));
        assertThat(told(advance(course, NOON.plusSeconds(2), NOON.plusSeconds(22)))
                        .late())
                .containsExactly(
                        new Late(NOON.plusSeconds(5), NOON.plusSeconds(21)),
                        new Late(NOON.plusSeconds(21), NOON.plusSeconds(22)));
    }

    @Test
    void goesOnFromWhatAnotherWorkerHasTold() {
        var before = followed(Optional.empty());
        before.gone(7, NOON);
        var last = advance(before, NOON, NOON);
        var course = followed(Optional.of(last));
        assertThat(course.goneLately(NOON.plusSeconds(60))).isEqualTo(7);
        assertThat(told(advance(course, NOON.plusSeconds(30), NOON.plusSeconds(31)))
                        .late())
                .containsExactly(new Late(NOON.plusSeconds(5), NOON.plusSeconds(31)));
    }

    @Test
    void keepsTheLatestOnly() {
        var course = followed(Optional.empty());
        var at = NOON;
        for (var i = 0; i <= 60; i++) {
            at = at.plusSeconds(10);
            advance(course, at, at);
        }
        assertThat(told(advance(course, at, at)).late())
                .hasSize(Followed.MOST)
                .last()
                .isEqualTo(new Late(at.minusSeconds(5), at));
    }

    @Test
    void addsUpWhatIsDeletedWithinAQuarterOfAnHour() {
        var course = followed(Optional.empty());
        course.gone(3, NOON);
        course.gone(4, NOON.plusSeconds(20));
        course.gone(5, NOON.plus(Duration.ofMinutes(10)));
        assertThat(course.goneLately(NOON.plus(Duration.ofMinutes(14)))).isEqualTo(12);
        assertThat(course.goneLately(NOON.plus(Duration.ofMinutes(16)))).isEqualTo(5);
        assertThat(course.goneLately(NOON.plus(Duration.ofMinutes(26)))).isZero();
    }

    @Test
    void tellsNothingOfItWhereEachRunIsJudgedForItself() {
        var course = new Course(specification(RunMode.Incremental, null), Optional.empty());
        course.gone(3, NOON);
        assertThat(course.goneLately(NOON)).isZero();
        assertThat(advance(course, NOON, NOON).followed()).isNull();
    }

    @Test
    void isNeverLateWithAGenerationThatNobodySearches() {
        var course = new Course(
                specification(RunMode.Build, new RunSpecification.Following(5_000, 5_000)), Optional.empty());
        advance(course, NOON, NOON);
        assertThat(told(advance(course, NOON.plusSeconds(60), NOON.plusSeconds(60)))
                        .late())
                .isEmpty();
    }
}
