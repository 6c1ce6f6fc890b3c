package dev.concordance.operator.kube;

import dev.concordance.manifest.Fingerprint;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Writes Events. One with the same object and reason as an earlier one raises that one's count. Events are a courtesy: one
 * that can't be written, as in a namespace that is going away, is logged and forgotten.
 */
public final class EventRecorder {
    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    private static final String REPORTER = "concordance-operator";

    private final KubernetesClient client;
    private final Clock clock;

    public EventRecorder(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Tells of a transition. */
    void tell(HasMetadata about, Transition transition, Set<String> routine) {
        var namespace = about.getMetadata().getNamespace();
        var name = name(about, transition);
        var type = transition.isWarning(routine) ? "Warning" : "Normal";
        try {
            var events = client.v1().events().inNamespace(namespace).withName(name);
            var existing = events.get();
            if (existing == null) {
                client.resource(event(about, transition, name, type)).create();
            } else {
                events.edit(event -> again(event, transition, type));
            }
        } catch (KubernetesClientException refused) {
            if (refused.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.debugf(
                        "event not written: reason=%s object=%s/%s: %s",
                        transition.reason(), namespace, about.getMetadata().getName(), refused.getMessage());
            }
        }
    }

    private static String name(HasMetadata about, Transition transition) {
        var digest = new Fingerprint("event/1")
                .with("uid", about.getMetadata().getUid())
                .with("reason", transition.reason())
                .digest();
        return about.getMetadata().getName() + "." + digest.substring(0, 16);
    }

    private Event event(HasMetadata about, Transition transition, String name, String type) {
        var now = now();
        return new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(about.getMetadata().getNamespace())
                .endMetadata()
                .withInvolvedObject(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withName(about.getMetadata().getName())
                        .withNamespace(about.getMetadata().getNamespace())
                        .withUid(about.getMetadata().getUid())
                        .build())
                .withType(type)
                .withReason(transition.reason())
                .withMessage(transition.message())
                .withNewSource()
                .withComponent(REPORTER)
                .endSource()
                .withReportingComponent(REPORTER)
                .withCount(1)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .build();
    }

    private Event again(Event event, Transition transition, String type) {
        return new EventBuilder(event)
                .withType(type)
                .withMessage(transition.message())
                .withCount(event.getCount() == null ? 2 : event.getCount() + 1)
                .withLastTimestamp(now())
                .build();
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
