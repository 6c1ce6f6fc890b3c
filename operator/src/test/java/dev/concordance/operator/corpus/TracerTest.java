package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.elastic.TracerSight;
import dev.concordance.operator.elastic.TracerSight.Hit;
import dev.concordance.operator.elastic.TracerSight.Leg;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.tracer.TracerWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the tracer is looked for, and what is told of it, on a virtual clock. */
final class TracerTest {
    private static final String INDEX = "cc-docs.handbook-g1";

    private final CorpusWorld world = new CorpusWorld();

    @BeforeEach
    void serve() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
    }

    private CorpusStatus.@Nullable Tracer told() {
        return Objects.requireNonNull(world.status.orElseThrow().freshness()).tracer();
    }

    private void sync() {
        world.pass(Duration.ofMinutes(14));
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
    }

    private static Leg leg(int shards, Hit... hits) {
        return new Leg(List.of(hits), shards, null);
    }

    private static TracerSight both(Leg leg) {
        return new TracerSight(leg, leg);
    }

    private void miss(TracerSight sight) {
        world.elasticsearch.show(sight);
        sync();
        world.pass(Duration.ofSeconds(31));
        world.settle(1);
    }

    @Test
    void isToldAsFoundAndNotLookedForAgainUntilARunHasWrittenAnother() {
        assertThat(told()).isEqualTo(new CorpusStatus.Tracer(CorpusWorld.START.toString()));
        assertThat(world.elasticsearch.looks()).isEqualTo(1);
        world.pass(Duration.ofMinutes(5));
        world.settle(1);
        world.settle(1);
        assertThat(world.elasticsearch.looks()).isEqualTo(1);
        sync();
        assertThat(world.elasticsearch.looks()).isEqualTo(2);
        assertThat(told()).isEqualTo(new CorpusStatus.Tracer(world.now.toString()));
    }

    @Test
    void isLookedForOnceMoreByAnotherProcess() {
        world.tracers = new TracerWatch();
        var before = world.status;
        world.settle(1);
        world.settle(1);
        assertThat(world.elasticsearch.looks()).isEqualTo(2);
        assertThat(world.status).isEqualTo(before);
    }

    @Test
    void isMissingOnlyWhenItWasLookedForInVainForHalfAMinute() {
        var found = told();
        world.elasticsearch.show(both(leg(1)));
        sync();
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        assertThat(world.reconcile(1).wakeAt()).contains(world.now.plusSeconds(10));
        world.pass(Duration.ofSeconds(29));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        world.pass(Duration.ofSeconds(1));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("TracerMissing");
        assertThat(world.truth(CorpusConditions.FRESH)).isEqualTo("False");
        assertThat(world.truth(Conditions.READY)).isEqualTo("True");
        assertThat(told()).as("what was found last").isEqualTo(found);
        assertThat(world.message(CorpusConditions.FRESH))
                .startsWith("generation 1 is fresh as of ")
                .contains(
                        " a search of the alias cc-docs.handbook finds, instead of the tracer that shows it: nothing. ")
                .contains("lead to " + INDEX + " alone")
                .endsWith("create an IngestionRun of the mode Verify");
    }

    @Test
    void isFoundAgainAsSoonAsItIsThere() {
        miss(both(leg(1)));
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("TracerMissing");
        world.elasticsearch.show(null);
        world.pass(Duration.ofSeconds(10));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        assertThat(Instant.parse(
                        Objects.requireNonNull(Objects.requireNonNull(told()).foundAsOf())))
                .isAfter(CorpusWorld.START);
    }

    @Test
    void isNotMissedByALookThatComesTooSoon() {
        world.elasticsearch.show(both(leg(1)));
        sync();
        world.elasticsearch.show(null);
        world.pass(Duration.ofSeconds(10));
        world.settle(1);
        world.pass(Duration.ofSeconds(30));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
    }

    @Test
    void isMissingWhereOneOfTheTwoSearchesFindsIt() {
        miss(new TracerSight(leg(1, new Hit(INDEX, Instant.MAX)), leg(1)));
        assertThat(world.message(CorpusConditions.FRESH))
                .contains(": what was true at " + Instant.MAX + ", in " + INDEX
                        + " by its word, and nothing by its vector. ");
    }

    @Test
    void isMissingWhereAnOlderOneIsFound() {
        miss(both(leg(1, new Hit(INDEX, CorpusWorld.START))));
        assertThat(world.message(CorpusConditions.FRESH))
                .contains(": what was true at " + CorpusWorld.START + ", in " + INDEX + ". ");
    }

    @Test
    void isMissingWhereAnotherIndexAnswersToo() {
        miss(both(leg(1, new Hit(INDEX, Instant.MAX), new Hit("copy", Instant.MAX))));
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("TracerMissing");
        miss(both(leg(2, new Hit(INDEX, Instant.MAX))));
        assertThat(world.message(CorpusConditions.FRESH))
                .contains("an alias that leads to 2 shards, while the generation has 1");
    }

    @Test
    void isMissingWhereTheSearchFails() {
        miss(both(new Leg(List.of(), 0, "closed")));
        assertThat(world.message(CorpusConditions.FRESH)).contains("no answer (closed)");
    }

    @Test
    void staysMissingWhereNobodyCanLookOrHasLookedLongEnough() {
        miss(both(leg(1)));
        var told = world.message(CorpusConditions.FRESH);
        world.tracers = new TracerWatch();
        world.settle(1);
        assertThat(world.message(CorpusConditions.FRESH)).isEqualTo(told);
        world.silent = Optional.of(new CorpusObservation.Obstacle("ElasticsearchUnreachable", "no answer"));
        world.settle(1);
        assertThat(world.message(CorpusConditions.FRESH)).isEqualTo(told);
        world.pass(Duration.ofMinutes(20));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Stale");
    }

    @Test
    void isNotMissedWhereElasticsearchIsSilent() {
        world.silent = Optional.of(new CorpusObservation.Obstacle("ElasticsearchUnreachable", "no answer"));
        world.pass(Duration.ofMinutes(2));
        world.settle(1);
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        assertThat(told()).isEqualTo(new CorpusStatus.Tracer(CorpusWorld.START.toString()));
    }

    @Test
    void isNotLookedForWhereThereIsNone() {
        miss(both(leg(1)));
        var looks = world.elasticsearch.looks();
        world.traced = false;
        world.settle(1);
        assertThat(world.elasticsearch.looks()).isEqualTo(looks);
        assertThat(told()).isNull();
        assertThat(world.reason(CorpusConditions.FRESH)).isEqualTo("Fresh");
        sync();
        world.traced = true;
        world.settle(1);
        assertThat(world.elasticsearch.looks()).as("the ledger tells of none").isEqualTo(looks);
        assertThat(told()).isNull();
    }
}
