package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.Withheld;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.kube.Conditions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operator does and tells while a worker withholds deletions. */
final class WithheldDeletionsTest {
    private static final Withheld WITHHELD = new Withheld("3-0a1b2c3d", 100, 300, List.of("site:a.md"), null);
    private static final Duration ALMOST_STALE = Duration.ofMinutes(14).plusSeconds(30);

    private final CorpusWorld world = new CorpusWorld();

    @BeforeEach
    void serve() {
        world.settle(1);
        world.finishRuns(300);
        world.settle(1);
        world.withheld = Optional.of(WITHHELD);
    }

    @Test
    void promotesNoCandidateThatWouldLoseTooMuchBeforeItIsApproved() {
        fillACandidate();
        assertThat(world.live()).isEqualTo(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("WaitsForApproval");
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("WaitsForApproval");
        assertThat(world.reason(CorpusConditions.DELETIONS_APPLIED)).isEqualTo("TooManyDeletions");
        assertThat(generationsAtWork()).as("nobody builds again and again").isEmpty();

        world.approved = Optional.of(WITHHELD.token());
        world.settle(1);
        assertThat(generationsAtWork()).contains(2);
        world.withheld = Optional.empty();
        world.finishRuns(200);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
        assertThat(world.reason(CorpusConditions.DELETIONS_APPLIED)).isEqualTo("DeletionsFollow");
    }

    @Test
    void keepsAWaitingCandidateFresh() {
        fillACandidate();
        world.pass(ALMOST_STALE);
        world.settle(1);
        assertThat(generationsAtWork()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void tellsWhatIsWithheldAndStartsOneRunForEachApproval() {
        sync();
        assertThat(world.reason(Conditions.READY)).isEqualTo("Serving");
        assertThat(world.status.orElseThrow().withheldDeletions())
                .isEqualTo(new CorpusStatus.WithheldDeletions(
                        WITHHELD.token(), WITHHELD.documents(), WITHHELD.of(), WITHHELD.sample()));

        world.approved = Optional.of("1-00000000");
        world.settle(1);
        assertThat(generationsAtWork()).containsExactly(1);
        world.withheld = Optional.of(
                new Withheld(WITHHELD.token(), WITHHELD.documents(), WITHHELD.of(), WITHHELD.sample(), "1-00000000"));
        world.finishRuns(300);
        world.settle(1);
        assertThat(generationsAtWork()).as("once for an approval").isEmpty();
        world.approved = Optional.of(WITHHELD.token());
        world.settle(1);
        assertThat(generationsAtWork()).containsExactly(1);
    }

    @Test
    void goesOnTellingWhatIsWithheldWhileElasticsearchIsSilent() {
        sync();
        world.silent = Optional.of(new Obstacle("Unreachable", "no answer"));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.DELETIONS_APPLIED)).isEqualTo("TooManyDeletions");
        assertThat(world.status.orElseThrow().withheldDeletions()).isNotNull();
    }

    private void sync() {
        world.pass(ALMOST_STALE);
        world.settle(1);
        world.finishRuns(300);
        world.settle(1);
    }

    private void fillACandidate() {
        world.chunkTokens = 128;
        world.settle(1);
        world.finishRuns(200);
        world.settle(1);
    }

    private List<Integer> generationsAtWork() {
        return world.runs.values().stream()
                .filter(SeenRun::isUnfinished)
                .map(run -> run.generation().orElseThrow())
                .toList();
    }
}
