package dev.concordance.localcluster.node.pod;

import dev.concordance.localcluster.node.pod.ProbeState.Verdict;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the probes of a running container say together. */
record Health(ProbeState startup, ProbeState liveness, ProbeState readiness) {
    static final Health FRESH = new Health(ProbeState.FRESH, ProbeState.FRESH, ProbeState.FRESH);

    /** The three probes that a container may have. */
    enum Kind {
        STARTUP,
        LIVENESS,
        READINESS;

        static final List<Kind> BEFORE_START = List.of(STARTUP);
        static final List<Kind> AFTER_START = List.of(LIVENESS, READINESS);

        @Nullable
        Probe of(Container container) {
            return switch (this) {
                case STARTUP -> container.getStartupProbe();
                case LIVENESS -> container.getLivenessProbe();
                case READINESS -> container.getReadinessProbe();
            };
        }
    }

    ProbeState state(Kind kind) {
        return switch (kind) {
            case STARTUP -> startup;
            case LIVENESS -> liveness;
            case READINESS -> readiness;
        };
    }

    Health with(Kind kind, ProbeState state) {
        return switch (kind) {
            case STARTUP -> new Health(state, liveness, readiness);
            case LIVENESS -> new Health(startup, state, readiness);
            case READINESS -> new Health(startup, liveness, state);
        };
    }

    boolean isStarted(Container container) {
        return container.getStartupProbe() == null || startup.verdict() == Verdict.PASSING;
    }

    boolean isReady(Container container) {
        return isStarted(container)
                && (container.getReadinessProbe() == null || readiness.verdict() == Verdict.PASSING);
    }

    boolean isAlive() {
        return startup.verdict() != Verdict.FAILING && liveness.verdict() != Verdict.FAILING;
    }
}
