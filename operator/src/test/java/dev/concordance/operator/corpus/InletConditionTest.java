package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.kube.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a Corpus says of its inlet. */
final class InletConditionTest {
    private static final DeclaredInlet DECLARED = new DeclaredInlet(2, Optional.empty(), List.of());

    private final CorpusWorld world = new CorpusWorld();

    @Test
    void saysThatThereIsNoneWhereNothingIsPushed() {
        assertThat(told("InletAvailable").getStatus()).isEqualTo("True");
        assertThat(told("InletAvailable").getReason()).isEqualTo("NothingPushed");
    }

    @Test
    void countsThePodsThatTakeDocuments() {
        world.inlet = Optional.of(DECLARED);
        assertThat(told("InletAvailable").getStatus()).isEqualTo("Unknown");
        see(0, Optional.empty());
        assertThat(told("InletAvailable").getStatus()).isEqualTo("False");
        see(1, Optional.empty());
        assertThat(told("InletAvailable").getStatus()).isEqualTo("True");
        assertThat(told("InletAvailable").getMessage()).isEqualTo("1 of 2 pods of the inlet take documents");
    }

    @Test
    void leavesWhatWasToldUntilItHasLooked() {
        world.inlet = Optional.of(DECLARED);
        see(2, Optional.empty());
        var before = told("InletAvailable");
        world.seenInlet = SeenInlet.NONE;
        assertThat(told("InletAvailable")).isEqualTo(before);
    }

    @Test
    void tellsOfAMissingTokenAndGoesOnWithEverythingElse() {
        world.inlet = Optional.of(DECLARED);
        see(2, Optional.of(new Obstacle("ReferenceMissing", "Secret docs/push does not exist")));
        var references = told("ReferencesResolved");
        assertThat(references.getStatus()).isEqualTo("False");
        assertThat(references.getReason()).isEqualTo("ReferenceMissing");
        assertThat(told("InletAvailable").getStatus()).isEqualTo("True");
        world.settle(1);
        world.finishRuns(3);
        assertThat(told("Ready").getReason()).isEqualTo("Serving");
    }

    private void see(int ready, Optional<Obstacle> missing) {
        world.seenInlet = new SeenInlet(Optional.of(new InletState(ready, Optional.empty())), missing);
    }

    private Condition told(String type) {
        world.settle(1);
        return Conditions.find(Objects.requireNonNull(world.status.orElseThrow().conditions()), type)
                .orElseThrow();
    }
}
