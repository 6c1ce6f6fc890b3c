package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Says in one line, and counts, each step that was done. */
public final class StepLog {
    private static final Logger LOG = Logger.getLogger("dev.concordance.operator.steps");

    private final MeterRegistry meters;

    public StepLog(MeterRegistry meters) {
        this.meters = meters;
    }

    /** The step was done about the object. */
    public void done(HasMetadata about, Object step) {
        var kind = about.getKind();
        var name = step.getClass().getSimpleName();
        meters.counter("concordance.steps", "kind", kind.toLowerCase(Locale.ROOT), "step", name)
                .increment();
        LOG.infof(
                "%s namespace=%s name=%s step=%s",
                kind, about.getMetadata().getNamespace(), about.getMetadata().getName(), step);
    }
}
