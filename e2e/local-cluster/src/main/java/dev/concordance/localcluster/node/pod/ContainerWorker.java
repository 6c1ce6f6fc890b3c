package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One container: its processes, its probes, its end. Safe for use by many threads. */
final class ContainerWorker {
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration A_MOMENT = Duration.ofMillis(50);
    private static final Duration LAST_MOMENT = Duration.ofSeconds(5);
    private static final int KEPT_RUNS = 2;

    private final Container spec;
    private final Path folder;
    private final String host;
    private final Runnable wake;
    private final Set<Health.Kind> probing = EnumSet.noneOf(Health.Kind.class);
    private @Nullable ContainerProcess process;
    private @Nullable Run previous;
    private @Nullable Run current;
    private @Nullable Refusal refusal;
    private Health health = Health.FRESH;
    private BackOff backOff = BackOff.NONE;
    private boolean ending;

    /**
     * @param folder of its starts; what is found there is taken over
     * @param host the pod's own address on loopback
     * @param wake is called when something has changed
     */
    ContainerWorker(Container spec, Path folder, String host, Runnable wake) {
        this.spec = spec;
        this.folder = folder;
        this.host = host;
        this.wake = wake;
        var found = ContainerProcess.in(folder);
        if (!found.isEmpty()) {
            watch(found.getFirst());
        }
        if (found.size() > 1) {
            previous = found.get(1).run(logsOnError());
        }
    }

    Container spec() {
        return spec;
    }

    synchronized @Nullable ContainerProcess process() {
        return process;
    }

    /** Takes over what its probes had shown before the agent was started again. */
    synchronized void trust(ContainerStatus reported) {
        if (current != null && current.isRunning() && Boolean.TRUE.equals(reported.getStarted())) {
            var readiness = Boolean.TRUE.equals(reported.getReady()) ? ProbeState.passing() : ProbeState.FRESH;
            health = new Health(ProbeState.passing(), ProbeState.FRESH, readiness);
        }
    }

    synchronized ContainerSeen observe() {
        var seen = process == null ? null : process.run(logsOnError());
        if (seen != null && seen.exit() != null && current != null && current.isRunning()) {
            backOff = backOff.after(seen, seen.exit());
            ending = false;
        }
        current = seen;
        return new ContainerSeen(spec, current, previous, ending, health, backOff, refusal);
    }

    synchronized void start(int number, Launch launch) {
        if (process != null && (process.isRunning() || process.number() >= number)) {
            return;
        }
        previous = process == null ? null : process.run(logsOnError());
        refusal = null;
        health = Health.FRESH;
        watch(ContainerProcess.start(folder, number, launch));
        removeOldRuns();
    }

    synchronized void refuse(Refusal.CannotStart reason, Instant now) {
        refusal = reason.retriedAt(now.plus(RETRY));
    }

    /** Ends the process: what is declared to happen before, a request, and force after the grace. */
    synchronized void end(long graceSeconds) {
        var ended = process;
        if (!ending && ended != null) {
            ending = true;
            Thread.ofVirtual().name("end-" + spec.getName()).start(() -> end(ended, graceSeconds));
        }
    }

    private void end(ContainerProcess ended, long graceSeconds) {
        var deadline = Instant.now().plusSeconds(graceSeconds);
        var before = spec.getLifecycle() == null ? null : spec.getLifecycle().getPreStop();
        if (before != null && before.getSleep() != null) {
            var pause = Math.min(before.getSleep().getSeconds(), graceSeconds);
            ended.awaitExit(Duration.ofSeconds(pause));
        }
        var asked = false;
        while (ended.isRunning() && Instant.now().isBefore(deadline)) {
            asked = asked || ended.terminate();
            ended.awaitExit(asked ? Duration.between(Instant.now(), deadline) : A_MOMENT);
        }
        while (ended.isRunning()) {
            ended.kill();
            ended.awaitExit(LAST_MOMENT);
        }
        wake.run();
    }

    /** Starts the attempts that are due. */
    synchronized void probe(Instant now) {
        if (current == null || !current.isRunning() || ending) {
            return;
        }
        var asked = health.isStarted(spec) ? Health.Kind.AFTER_START : Health.Kind.BEFORE_START;
        for (var kind : asked) {
            attempt(kind, current, now);
        }
    }

    private void attempt(Health.Kind kind, Run run, Instant now) {
        var probe = kind.of(spec);
        if (probe == null || !health.state(kind).isDue(probe, run.startedAt(), now) || !probing.add(kind)) {
            return;
        }
        Thread.ofVirtual().name("probe-" + spec.getName()).start(() -> {
            var passed = new ProbeAttempt(spec, host).passes(probe);
            record(kind, run.number(), before -> before.after(probe, passed, now));
            wake.run();
        });
    }

    private synchronized void record(Health.Kind kind, int number, UnaryOperator<ProbeState> change) {
        probing.remove(kind);
        if (current != null && current.number() == number) {
            health = health.with(kind, change.apply(health.state(kind)));
        }
    }

    private void watch(ContainerProcess started) {
        process = started;
        current = started.run(logsOnError());
        ending = false;
        var _ = started.onExit().thenRun(wake);
    }

    private void removeOldRuns() {
        for (var old : ContainerProcess.in(folder).stream().skip(KEPT_RUNS).toList()) {
            try {
                AtomicFolder.delete(old.folder());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean logsOnError() {
        return "FallbackToLogsOnError".equals(spec.getTerminationMessagePolicy());
    }

    /** The log of its last start, or of the one before. */
    synchronized Optional<Path> log(boolean ofPrevious) {
        return ContainerProcess.in(folder).stream()
                .skip(ofPrevious ? 1 : 0)
                .map(ContainerProcess::log)
                .findFirst();
    }
}
