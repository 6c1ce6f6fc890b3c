package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Reached;
import dev.concordance.operator.corpus.CorpusStep.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A corpus that documents are pushed to: its inbox, and the runs that read it. */
final class PushedRunsTest {
    private final CorpusWorld world = new CorpusWorld();

    @BeforeEach
    void declareAPushSource() {
        world.inlet = Optional.of(new DeclaredInlet(
                1,
                Optional.empty(),
                List.of(new DeclaredInlet.Source(
                        "articles", null, List.of(new DeclaredInlet.Token("a", "s", "token"))))));
        world.settle(2);
        finish();
        world.settle(2);
    }

    @Test
    void makesTheInboxBeforeAnythingElseAndOnce() {
        assertThat(world.done.getFirst()).isEqualTo("CreateInbox");
        assertThat(world.done).containsOnlyOnce("CreateInbox");
    }

    @Test
    void looksEveryTwoSecondsWhetherSomethingWasPushed() {
        assertThat(world.reconcile(1).wakeAt()).contains(world.now.plusSeconds(2));
    }

    @Test
    void readsWhatWasPushedAtOnceAndRestsThen() {
        rest();
        assertThat(started()).isEmpty();
        world.elasticsearch.push(CorpusWorld.NAMES);
        assertThat(started()).containsExactly(Trigger.Pushed);
        finish();
        rest();
        assertThat(started()).isEmpty();
    }

    @Test
    void readsTogetherWhatIsPushedOneByOne() {
        rest();
        world.elasticsearch.push(CorpusWorld.NAMES);
        assertThat(started()).hasSize(1);
        world.pass(Duration.ofSeconds(20));
        finish();
        world.elasticsearch.push(CorpusWorld.NAMES);
        assertThat(started()).isEmpty();
        world.pass(Duration.ofSeconds(19));
        assertThat(started()).isEmpty();
        world.pass(Duration.ofSeconds(1));
        assertThat(started()).containsExactly(Trigger.Pushed);
    }

    @Test
    void waitsLongerAfterARunThatFailed() {
        rest();
        world.elasticsearch.push(CorpusWorld.NAMES);
        assertThat(started()).hasSize(1);
        world.failRuns("SourceUnreachable", false);
        world.pass(CorpusWorld.retry(15).minusSeconds(1));
        assertThat(started()).isEmpty();
        world.pass(Duration.ofSeconds(1));
        assertThat(started()).containsExactly(Trigger.Retry);
    }

    @Test
    void asksNothingAboutAnInboxWhereNothingIsPushed() {
        var other = new CorpusWorld();
        other.settle(1);
        assertThat(other.done).doesNotContain("CreateInbox");
        assertThat(other.elasticsearch.inbox(CorpusWorld.NAMES)).isEmpty();
    }

    private void rest() {
        world.pass(Duration.ofMinutes(1));
    }

    /** Lets runs end well that have read all that is there. */
    private void finish() {
        world.elasticsearch
                .inbox(CorpusWorld.NAMES)
                .ifPresent(newest -> world.elasticsearch.put(
                        CorpusWorld.NAMES, new Reached(1, Map.of("articles", newest.text()), false)));
        world.finishRuns(10);
    }

    private List<Trigger> started() {
        return world.reconcile(1).steps().stream()
                .filter(CorpusStep.StartRun.class::isInstance)
                .map(step -> ((CorpusStep.StartRun) step).trigger())
                .toList();
    }
}
