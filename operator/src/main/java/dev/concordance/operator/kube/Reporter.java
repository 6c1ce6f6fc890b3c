package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes a status when, and only when, it has changed; tells of its transitions in a log line and an Event each. */
public final class Reporter {
    private static final Logger LOG = Logger.getLogger(Reporter.class);

    /** A change that somebody makes while a status is written may be told of to nobody (java-operator-sdk issue 3398). */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    private final EventRecorder events;

    public Reporter(EventRecorder events) {
        this.events = events;
    }

    /**
     * A status with its conditions now and before.
     *
     * @param routine the kind's reasons that say that work goes on
     */
    public record Report<S>(S status, @Nullable List<Condition> before, List<Condition> after, Set<String> routine) {}

    /**
     * Ends a reconciliation.
     *
     * @param blank a new, empty object of the kind, which becomes the patch
     */
    public <R extends CustomResource<?, S>, S> UpdateControl<R> end(
            R resource, R blank, Report<S> report, Duration next) {
        if (Objects.equals(resource.getStatus(), report.status())) {
            return UpdateControl.<R>noUpdate().rescheduleAfter(next);
        }
        tell(resource, report);
        return UpdateControl.patchStatus(patch(resource, blank, report.status()))
                .rescheduleAfter(next.compareTo(SECOND_LOOK) < 0 ? next : SECOND_LOOK);
    }

    /** As {@link #end} within a clean-up, whose result can't carry a status. */
    public <R extends CustomResource<?, S>, S> void write(R resource, R blank, Report<S> report, Context<R> context) {
        if (Objects.equals(resource.getStatus(), report.status())) {
            return;
        }
        tell(resource, report);
        context.resourceOperations().serverSideApplyPrimaryStatus(patch(resource, blank, report.status()));
    }

    private void tell(CustomResource<?, ?> resource, Report<?> report) {
        for (var transition : Transition.between(report.before(), report.after())) {
            LOG.infof(
                    "%s namespace=%s name=%s %s=%s reason=%s: %s",
                    resource.getKind(),
                    resource.getMetadata().getNamespace(),
                    resource.getMetadata().getName(),
                    transition.type(),
                    transition.status(),
                    transition.reason(),
                    transition.message());
            if (transition.isNews()) {
                events.tell(resource, transition, report.routine());
            }
        }
    }

    private static <R extends CustomResource<?, S>, S> R patch(R resource, R blank, S status) {
        blank.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        blank.setStatus(status);
        return blank;
    }
}
