package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.operator.testing.ApiProxy;
import dev.concordance.operator.testing.CrashPoint;
import dev.concordance.operator.testing.CrashPoint.Passage;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.EndState;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.FakeWorkers.Outcome;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator may be killed after any change that it makes, to the API server or to Elasticsearch, before it hears the
 * answer: what comes of it in the end is the same. One namespace has an undisturbed life, whose changes are counted; then
 * many have theirs at once, each with a {@link CrashPoint} of its own in every chapter, and one kill is the end of all of
 * them. In every other namespace the workers go on while the operator is away; in the rest they wait for it.
 */
final class CrashIT {
    /** {@code all}, or of each chapter so many points are tried. */
    private static final String POINTS = System.getProperty("concordance.crash.points", "12");

    /** It is killed a second time then, while it makes good what the first kill has left. */
    private static final boolean ALL = POINTS.equals("all");

    private static final int SOON = 8;

    private static final long SEED = 20_260_504;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration QUIET = Duration.ofSeconds(3);

    private final Map<String, Life> lives = new ConcurrentHashMap<>();
    private FakeWorkers workers;
    private ApiProxy api;
    private OperatorProcess operator;
    private int starts;

    /** What users do, in this order. */
    private enum Chapter {
        BUILD {
            @Override
            void begin(Life life) {
                life.declared.cluster(life.elasticsearch.url());
                life.declared.policy(128);
                life.declared.model();
                life.declared.corpus("handbook");
                life.declared.queryServer(1, 3);
            }
        },
        RECHUNK {
            @Override
            void begin(Life life) {
                life.declared.policy(64);
            }

            @Override
            void proceed(Life life) {
                life.declared.settledLongAgo("handbook", 2);
            }
        },
        DELETE {
            @Override
            void begin(Life life) {
                var corpus = life.declared.corpusNow("handbook");
                TestCluster.get().client().resource(corpus).delete();
            }
        };

        abstract void begin(Life life);

        void proceed(Life life) {}
    }

    /** A namespace, and what stands between it and the operator. */
    private record Life(Declared declared, CrashPoint point, RecordingProxy elasticsearch, boolean patient) {
        String namespace() {
            return declared.namespace();
        }
    }

    /** How a chapter ends undisturbed. */
    private record Ending(Chapter chapter, EndState state, List<Integer> points) {}

    @BeforeEach
    void start() {
        workers = FakeWorkers.start();
        workers.behave(run -> {
            var life = lives.get(run.names().namespace());
            return life != null && life.patient && life.point.isReached()
                    ? new Outcome.Later()
                    : new Outcome.Success(3);
        });
        api = ApiProxy.start(change -> Optional.ofNullable(lives.get(change.namespace()))
                .map(life -> life.point.pass(change))
                .orElse(Passage.FREE));
        startOperator();
    }

    @AfterEach
    void stop() {
        operator.close();
        workers.close();
        api.close();
        lives.values().forEach(life -> life.elasticsearch.close());
    }

    @Test
    void endsTheSameWhereverItIsKilled() {
        var undisturbed = undisturbed();
        var most = undisturbed.stream().mapToInt(ending -> ending.points.size()).max();
        var disturbed = IntStream.range(0, most.orElseThrow())
                .mapToObj(number -> life(number % 2 == 0))
                .toList();
        undisturbed.forEach(ending -> disturb(ending, disturbed));
        for (var life : disturbed) {
            assertThat(workers.done(life.namespace())).hasSize(2);
        }
    }

    private List<Ending> undisturbed() {
        var random = new Random(SEED);
        var life = life(false);
        var endings = new ArrayList<Ending>();
        for (var chapter : Chapter.values()) {
            life.point.lift();
            chapter.begin(life);
            awaitRest(List.of(life), chapter, () -> isOver(chapter, life));
            endings.add(
                    new Ending(chapter, state(life), points(life.point.changes().size(), random)));
        }
        return endings;
    }

    private static List<Integer> points(int changes, Random random) {
        var every = new ArrayList<>(IntStream.rangeClosed(1, changes).boxed().toList());
        Collections.shuffle(every, random);
        return ALL ? every : every.subList(0, Math.min(changes, Integer.parseInt(POINTS)));
    }

    private static boolean isOver(Chapter chapter, Life life) {
        return switch (chapter) {
            case BUILD -> isServing(life, 1);
            case RECHUNK -> isServing(life, 2) && !state(life).elasticsearch().contains("-g1");
            case DELETE -> !state(life).toString().contains("handbook");
        };
    }

    private static boolean isServing(Life life, int generation) {
        return life.declared
                .serving("handbook")
                .filter(serving -> Integer.valueOf(generation).equals(serving.generation()))
                .isPresent();
    }

    private void disturb(Ending ending, List<Life> all) {
        var points = ending.points;
        for (var number = 0; number < all.size(); number++) {
            all.get(number).point.set(number < points.size() ? points.get(number) : Integer.MAX_VALUE);
        }
        all.forEach(ending.chapter::begin);
        var reached = killAfter(ending, all);
        if (ALL) {
            var random = new Random(SEED);
            all.forEach(life -> life.point.set(1 + random.nextInt(SOON)));
            killAfter(ending, all);
        }
        await(ending, all, life -> false);
        awaitRest(all, ending.chapter, () -> true);
        assertThat(differences(ending, all)).isEmpty();
        assertThat(reached).isGreaterThan(points.size() * 3L / 4);
    }

    /** Tells how many points were reached: what is told of a state that soon passes is not always told. */
    private long killAfter(Ending ending, List<Life> all) {
        await(ending, all, life -> life.point.isReached());
        var reached = all.stream().filter(life -> life.point.isReached()).count();
        operator.kill();
        all.forEach(life -> life.point.lift());
        startOperator();
        return reached;
    }

    /** Waits until each is as it would be undisturbed, or so that it is enough. */
    private static void await(Ending ending, List<Life> all, Predicate<Life> enough) {
        var left = new ArrayList<>(all);
        try {
            Awaitility.await().atMost(LIMIT).pollInterval(POLL).until(() -> {
                left.removeIf(enough);
                var states = EndState.of(left.stream().map(Life::namespace).toList());
                left.removeIf(life -> ending.state.equals(states.get(life.namespace())));
                left.forEach(life -> proceed(ending.chapter, life));
                return left.isEmpty();
            });
        } catch (ConditionTimeoutException never) {
            throw new AssertionError(differences(ending, left), never);
        }
    }

    private static String differences(Ending ending, List<Life> all) {
        var states = EndState.of(all.stream().map(Life::namespace).toList());
        var differences = new StringBuilder();
        for (var life : all) {
            var found = ending.state.differences(Objects.requireNonNull(states.get(life.namespace())));
            if (!found.isEmpty()) {
                differences.append("%s, killed after %s in %s, with the changes %s since then, differs:%n"
                        .formatted(life.namespace(), life.point.last(), ending.chapter, life.point.changes()));
                found.forEach(difference ->
                        differences.append("  ").append(difference).append('\n'));
            }
        }
        return differences.toString();
    }

    /** Waits until it is over, and nothing has been changed or told for a while after that. */
    private static void awaitRest(List<Life> all, Chapter chapter, BooleanSupplier over) {
        Declared.await(chapter + " is over").until(() -> {
            all.forEach(life -> proceed(chapter, life));
            return over.getAsBoolean();
        });
        Declared.await("rests").until(() -> {
            var before = counted(all);
            try {
                Awaitility.await().atMost(QUIET).until(() -> counted(all) != before);
                return false;
            } catch (ConditionTimeoutException quiet) {
                return true;
            }
        });
    }

    private static int counted(List<Life> all) {
        return all.stream()
                .mapToInt(life -> life.point.changes().size() + life.point.events())
                .sum();
    }

    private static void proceed(Chapter chapter, Life life) {
        try {
            chapter.proceed(life);
        } catch (KubernetesClientException changedMeanwhile) {
            assertThat(changedMeanwhile.getCode()).isGreaterThanOrEqualTo(400);
        }
    }

    private static EndState state(Life life) {
        return EndState.of(life.namespace());
    }

    private Life life(boolean patient) {
        var namespace = TestCluster.get().namespace("crash");
        var elasticsearch =
                RecordingProxy.start(TestCluster.get().elasticsearch().url());
        var life = new Life(new Declared(namespace), new CrashPoint(), elasticsearch, patient);
        life.point.guard(elasticsearch);
        lives.put(namespace, life);
        return life;
    }

    private void startOperator() {
        starts++;
        operator = OperatorProcess.leading(OperatorProcess.options("crash-" + starts)
                .connecting(api.kubeconfig())
                .with("concordance.elasticsearch.check-interval", "2s")
                .with("concordance.resync", "2s"));
    }
}
