package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.ErasureSpec;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.cluster.KnownCluster;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a run where the ledger knows Erasures that the run does not. */
final class GoneErasuresTest {
    private static final KnownCluster CLUSTER = new KnownCluster();
    private static final Launch.Possible LAUNCH = new Launch.Possible(RunPlannerTest.launched(1), CLUSTER.connection);
    /** Of uid-1. */
    private static final String TOKEN = "23537f64";

    private static final String NOON = "2026-05-04T12:00:00Z";

    @Test
    void hasThoseForgottenThatDoNotExist() {
        assertThat(decide(TOKEN)).isEqualTo(forgotten("uid-1"));
    }

    @Test
    void neverHasOneForgottenThatExists() {
        assertThat(decide(TOKEN, erasure("request-7", "uid-1", "Verified", NOON)))
                .isEqualTo(waitsFor("request-7"));
        assertThat(decide(TOKEN, erasure("request-7", "uid-1", null, null))).isEqualTo(waitsFor("request-7"));
    }

    @Test
    void waitsForOneThatMayBeRestoredUnderAnotherUidUntilItIsInEffect() {
        assertThat(decide(TOKEN, erasure("request-7", "uid-2", null, null))).isEqualTo(waitsFor("request-7"));
        assertThat(decide(TOKEN, erasure("request-7", "uid-2", "Erasing", null)))
                .isEqualTo(waitsFor("request-7"));
    }

    @Test
    void waitsForOneOfWhichNoCacheHasHeardYet() {
        assertThat(decide(TOKEN, erasure("request-8", "uid-2", "Verified", NOON)))
                .isEqualTo(waitsFor("request-8"));
    }

    @Test
    void doesNotWaitForOneThatIsRefusedOrDeclaresNothingOrIsOfAnotherCorpus() {
        var nothing = erasure("nothing", "uid-3", null, null);
        nothing.setSpec(new ErasureSpec(new LocalReference("handbook"), null, null, null, null, null));
        var elsewhere = erasure("elsewhere", "uid-4", null, null);
        elsewhere.setSpec(new ErasureSpec(new LocalReference("wiki"), null, List.of("u"), null, null, null));
        assertThat(decide(TOKEN, erasure("broad", "uid-2", "Refused", null), nothing, elsewhere))
                .isEqualTo(forgotten("uid-1"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"true", "uid-1", "00000000"})
    void waitsUntilSomebodySaysOfThoseThatAreGoneThatTheyMayBeForgotten(@Nullable String approved) {
        assertThat(decide(approved)).isEqualTo(missing(1, TOKEN));
    }

    @Test
    void takesNoTokenOfOthers() {
        var two = GoneErasures.decide(LAUNCH, List.of("uid-1", "uid-9"), List.of(), Optional.of(TOKEN));
        assertThat(two).isInstanceOf(Launch.Blocked.class).isNotEqualTo(missing(2, TOKEN));
    }

    @Test
    void tellsWhyTheLedgerDoesNotSayWhichErasuresItRequires() {
        var cluster = new KnownCluster();
        var launch = new Launch.Possible(LAUNCH.job(), cluster.connection);
        cluster.backend.failWith(new BackendException(BackendException.Obstacle.UNREACHABLE, "no route to host"));
        try (var client =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            var settled = new GoneErasures(client, cluster.connections).settle(launch, new Corpus());
            assertThat(settled).isInstanceOfSatisfying(Launch.Blocked.class, blocked -> {
                assertThat(blocked.obstacle().reason()).isEqualTo("ElasticsearchUnreachable");
                assertThat(blocked.obstacle().message()).contains("no route to host");
            });
        }
        assertThat(cluster.doubts()).isEqualTo(1);
    }

    private static Launch missing(int count, String token) {
        return new Launch.Blocked(Obstacle.of(RunReason.ErasuresMissing, count, token));
    }

    private static Launch decide(@Nullable String approved, Erasure... existing) {
        return GoneErasures.decide(LAUNCH, List.of("uid-1"), List.of(existing), Optional.ofNullable(approved));
    }

    private static Launch forgotten(String uid) {
        var names = new IndexNames("cc", "docs", "handbook");
        return new Launch.Possible(
                LAUNCH.job(),
                CLUSTER.connection,
                List.of(new RunStep.ForgetErasures(CLUSTER.connection, names, List.of(uid))));
    }

    private static Launch waitsFor(String name) {
        return new Launch.Blocked(Obstacle.of(RunReason.WaitsForErasure, name));
    }

    private static Erasure erasure(String name, String uid, @Nullable String phase, @Nullable String effectiveSince) {
        var erasure = new Erasure();
        erasure.setMetadata(new ObjectMetaBuilder()
                .withNamespace("docs")
                .withName(name)
                .withUid(uid)
                .build());
        erasure.setSpec(new ErasureSpec(new LocalReference("handbook"), null, List.of("u"), null, null, null));
        if (phase != null) {
            erasure.setStatus(
                    new ErasureStatus(1L, phase, effectiveSince, null, null, null, null, null, null, null, List.of()));
        }
        return erasure;
    }
}
