package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of generations that have served, and of an alias that somebody moves. */
final class RollbackTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final CorpusWorld world = new CorpusWorld();

    @Test
    void keepsAsManyFormerGenerationsAsAreDeclared() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        serving(64);
        assertThat(numbers()).containsExactly(1, 2, 3);
        leave();
        assertThat(numbers()).containsExactly(2, 3);
        assertThat(generations())
                .extracting(CorpusStatus.Generation::generation, CorpusStatus.Generation::role)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, "Serving"),
                        org.assertj.core.groups.Tuple.tuple(2, "Kept"));
    }

    @Test
    void deletesNoGenerationThatSomebodyReads() {
        serving(256);
        serving(128);
        for (var i = 0; i < 5; i++) {
            world.elasticsearch.search(CorpusWorld.NAMES, 1);
            world.pass(Duration.ofSeconds(20));
            world.settle(1);
            assertThat(numbers()).containsExactly(1, 2);
        }
        assertThat(generations().getLast().role()).isEqualTo("Leaving");
        leave();
        assertThat(numbers()).containsExactly(2);
    }

    @Test
    void keepsFreshWhatCanBeGoneBackToWhileItSoaks() {
        keep(0, Duration.ofHours(1));
        serving(256);
        serving(128);
        assertThat(generations().getLast().keptFreshUntil()).isEqualTo("2026-05-04T13:00:00Z");
        world.pass(Duration.ofMinutes(14).plusSeconds(30));
        world.settle(1);
        assertThat(unfinished()).containsExactlyInAnyOrder(1, 2);
        world.finishRuns(413);
        world.settle(1);
        assertThat(generations().getLast().freshAsOf()).isEqualTo("2026-05-04T12:14:30Z");
        world.pass(Duration.ofHours(1));
        world.settle(1);
        assertThat(unfinished()).containsExactly(2);
        world.finishRuns(413);
        leave();
        assertThat(numbers()).containsExactly(2);
    }

    @Test
    void goesBackToAKeptGenerationAndHoldsThere() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        rollbackTo(1);
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.reason(ReleaseConditions.ROLLED_BACK)).isEqualTo("RolledBack");
        assertThat(world.message(ReleaseConditions.ROLLED_BACK))
                .startsWith("generation 1 serves, fresh as of 2026-05-04T12:00:00Z, since index.rollbackTo names it")
                .endsWith(
                        "Without rollbackTo generation 2, fresh as of 2026-05-04T12:00:00Z, serves again as soon as it is as"
                                + " fresh as this one");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
        world.chunkTokens = 64;
        world.pass(LONG);
        world.settle(1);
        assertThat(numbers()).as("nothing is built, nothing is deleted").containsExactly(1, 2);
        assertThat(world.message(ReleaseConditions.ROLLED_BACK)).contains("another generation is built (RECHUNK");
    }

    @Test
    void losesNothingOfWhatWasBeingBuilt() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        world.chunkTokens = 64;
        world.settle(1);
        rollbackTo(1);
        world.settle(1);
        assertThat(numbers()).containsExactly(1, 2, 3);
        assertThat(unfinished()).isEmpty();
        world.release = released(1, Duration.ZERO, Optional.empty());
        world.settle(1);
        assertThat(unfinished()).containsExactly(3);
    }

    @Test
    void goesForwardAgainWithoutBuilding() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        rollbackTo(1);
        world.settle(1);
        world.pass(Duration.ofSeconds(10));
        world.release = released(1, Duration.ZERO, Optional.empty());
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.truth(ReleaseConditions.ROLLED_BACK)).isEqualTo("False");
        leave();
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    void catchesUpBeforeItGoesForward() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        rollbackTo(1);
        world.settle(1);
        world.pass(Duration.ofHours(1));
        world.settle(1);
        world.finishRuns(500);
        world.settle(1);
        world.release = released(1, Duration.ZERO, Optional.empty());
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(unfinished()).containsExactly(2);
        world.finishRuns(500);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
    }

    @Test
    void saysWhatThereIsWhereItCannotGoBack() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        rollbackTo(7);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.reason(Conditions.READY)).isEqualTo("RollbackImpossible");
        assertThat(world.truth(Conditions.STALLED)).isEqualTo("True");
        assertThat(world.message(ReleaseConditions.ROLLED_BACK)).contains("there are: 2, 1.");
    }

    @Test
    void holdsWhatServesWhereThatIsGoneBackTo() {
        serving(256);
        rollbackTo(1);
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(numbers()).containsExactly(1);
        assertThat(world.reason(ReleaseConditions.ROLLED_BACK)).isEqualTo("RolledBack");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
    }

    @Test
    void tellsThatSomebodyHasMovedTheAliasAndLeavesIt() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        world.elasticsearch.moveAlias(CorpusWorld.NAMES, 1);
        world.settle(1);
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("AliasMoved");
        assertThat(world.message(Conditions.READY)).contains("from generation 2 to generation 1");
        rollbackTo(1);
        world.settle(1);
        assertThat(world.reason(ReleaseConditions.ROLLED_BACK)).isEqualTo("RolledBack");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
        world.release = released(1, Duration.ZERO, Optional.empty());
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
    }

    @Test
    void goesOnWhereTheAliasIsMovedBack() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        world.elasticsearch.moveAlias(CorpusWorld.NAMES, 1);
        world.settle(1);
        world.elasticsearch.moveAlias(CorpusWorld.NAMES, 2);
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
    }

    @Test
    void pointsAnAliasThatIsGoneToWhatServedLast() {
        keep(1, Duration.ZERO);
        serving(256);
        serving(128);
        world.elasticsearch.moveAlias(CorpusWorld.NAMES, 0);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(numbers()).containsExactly(1, 2);
    }

    private void serving(int tokens) {
        world.chunkTokens = tokens;
        world.settle(1);
        world.finishRuns(412);
        world.settle(1);
    }

    /** Long enough for what nobody reads to be deleted. */
    private void leave() {
        world.settle(1);
        world.pass(Duration.ofSeconds(31));
        world.settle(1);
    }

    private void keep(int retained, Duration soak) {
        world.release = released(retained, soak, Optional.empty());
    }

    private void rollbackTo(int number) {
        world.release = released(world.release.retained(), world.release.soak(), Optional.of(number));
    }

    private static DeclaredRelease released(int retained, Duration soak, Optional<Integer> rollbackTo) {
        return new DeclaredRelease(false, Optional.empty(), Optional.empty(), soak, retained, rollbackTo);
    }

    private List<Integer> numbers() {
        return world.stored().stream().map(StoredGeneration::number).toList();
    }

    private List<Integer> unfinished() {
        return world.runs.values().stream()
                .filter(SeenRun::isUnfinished)
                .flatMap(run -> run.generation().stream())
                .toList();
    }

    private List<CorpusStatus.Generation> generations() {
        return Objects.requireNonNull(world.status.orElseThrow().generations());
    }
}
