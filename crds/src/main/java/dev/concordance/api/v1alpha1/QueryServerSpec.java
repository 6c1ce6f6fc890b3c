package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which corpora a query server serves, to whom, and with how much. */
@JsonClassDescription("Which corpora are served, to whom, and by how many pods. Only authentication has to be written.")
@ValidationRule(
        value = "!has(self.autoscaling) || (has(self.replicas.max) && self.replicas.max > self.replicas.min)",
        message =
                "autoscaling is only of use with a replicas.max above replicas.min: raise it, or take autoscaling out",
        fieldPath = ".autoscaling")
@ValidationRule(
        value = "!has(self.replicas.max) || self.replicas.max == self.replicas.min || !has(self.podTemplate) ||"
                + " !has(self.podTemplate.resources) || (has(self.podTemplate.resources.requests) && 'cpu' in"
                + " self.podTemplate.resources.requests) || (has(self.podTemplate.resources.limits) && 'cpu' in"
                + " self.podTemplate.resources.limits)",
        message = "request cpu in podTemplate.resources: the number of pods follows the share of it that is used",
        fieldPath = ".podTemplate")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryServerSpec(
        @JsonPropertyDescription("Selects Corpora of the same namespace by their labels. Default: all of them.")
        @Nullable
        LabelSelector corpora,

        @JsonPropertyDescription("How many pods answer.") @Default("{}") @Nullable
        Replicas replicas,

        @JsonPropertyDescription("When pods are added; only with a replicas.max above replicas.min.") @Nullable
        Autoscaling autoscaling,

        @JsonPropertyDescription("Who may search: exactly one of anonymous: true and tokens.") @Required @Nullable
        Authentication authentication,

        @JsonPropertyDescription("Bounds of one request.") @Nullable
        Limits limits,

        @JsonPropertyDescription(
                "What the pods have beside what the operator sets. A change rolls the pods one by one.")
        @Nullable
        PodTemplate podTemplate) {
    static final int MAX_PODS = 1000;
    static final int MAX_CPU_PERCENT = 1000;
    static final int MAX_TOKENS = 128;
    static final int MAX_CORPORA = 256;
    static final int MAX_PRINCIPALS = 32;
    static final int MAX_K = 10_000;
    static final int MAX_CONCURRENT = 100_000;
    static final int MAX_LABELS = 64;
    static final int MAX_ENTRIES = 128;
    static final int MAX_DURATION = 16;
    static final int MAX_VALUE = 32_768;

    private static final String QUALIFIED =
            "([a-z0-9]([-.a-z0-9]*[a-z0-9])?/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?";
    static final String LABEL_KEYS = "self.all(key, size(key) <= 317 && key.matches('^" + QUALIFIED + "$'))";
    static final String LABEL_KEYS_MESSAGE = "write keys as labels have them, such as team or example.com/team";
    static final String LABEL_VALUES =
            "self.all(key, self[key].matches('^([A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?)?$'))";
    static final String LABEL_VALUES_MESSAGE =
            "write values as labels have them: at most 63 letters, digits, dashes, underscores and dots";

    /** How many pods; max above min makes the number follow the load. */
    @ValidationRule(
            value = "!has(self.max) || self.max >= self.min",
            message = "write a max that is not smaller than min (default 1)",
            fieldPath = ".max")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Replicas(
            @JsonPropertyDescription("Fewest pods, 1 to 1000; what the scale subresource reads and sets. Default: 1.")
            @Default("1")
            @Min(1)
            @Max(MAX_PODS)
            @SpecReplicas
            @Nullable
            Integer min,

            @JsonPropertyDescription(
                    "Most pods, min to 1000; above min, the number follows the use of the processor, for which the"
                            + " cluster needs a metrics server. Default: min, a fixed number.")
            @Min(1)
            @Max(MAX_PODS)
            @Nullable
            Integer max) {}

    /** When pods are added. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Autoscaling(
            @JsonPropertyDescription(
                    "Percentage of the requested processor time that pods use on average, 1 to 1000; above it, pods are"
                            + " added. Default: 70.")
            @Min(1)
            @Max(MAX_CPU_PERCENT)
            @Nullable
            Integer targetCpuUtilizationPercent) {}

    /** Who may search: either anyone who reaches the Service, or the holders of tokens. */
    @ValidationRule(
            value = "(has(self.anonymous) && self.anonymous) != (has(self.tokens) && size(self.tokens) > 0)",
            message = "set either anonymous: true or at least one of tokens")
    @SchemaCustomizer(value = ListType.class, input = "tokens=map:name")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Authentication(
            @JsonPropertyDescription(
                    "Whether everyone who reaches the Service may search all corpora; not together with tokens."
                            + " Default: false.")
            @Nullable
            Boolean anonymous,

            @JsonPropertyDescription("Bearer tokens and the corpora that each opens, at most 128.")
            @Size(max = MAX_TOKENS)
            @Nullable
            List<Token> tokens) {}

    /** A bearer token and the corpora that it opens. */
    @SchemaCustomizer(value = ListType.class, input = "corpora=set")
    @SchemaCustomizer(value = ListType.class, input = "principals=set")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Token(
            @JsonPropertyDescription(
                    "Name of the token, unique here; appears in logs instead of its value. Example: website")
            @Required
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = Rules.LABEL, message = Rules.LABEL_MESSAGE)
            @Nullable
            String name,

            @JsonPropertyDescription(
                    "Key of a Secret with the token's value; read again when it changes. Default key: token.")
            @Required
            @Nullable
            KeyReference secretRef,

            @JsonPropertyDescription(
                    "Names of the corpora that it opens, at most 256. Default: [\"*\"], all that are served.")
            @Size(min = 1, max = MAX_CORPORA)
            @ValidationRule(
                    value = "self.all(name, name == '*' || name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))",
                    message = "write names of corpora, or * for all; other patterns are not understood")
            @Nullable
            List<@Size(min = 1, max = Rules.MAX_LABEL) String> corpora,

            @JsonPropertyDescription(
                    "As whom its bearer searches corpora with access: DocumentLevel, at most 32 principals. Default:"
                            + " nobody in particular, who sees what everyone may see. Example: [\"group:staff\"]")
            @Size(max = MAX_PRINCIPALS)
            @ValidationRule(
                    value = "self.all(name, name.matches('^[A-Za-z][-_.A-Za-z0-9]{0,62}:[^,[:cntrl:]]+$'))",
                    message = "write principals as documents name them, a kind, a colon and a name, such as user:alice"
                            + " or group:staff")
            @Nullable
            List<@Size(min = 3, max = Rules.MAX_FIELD) String> principals,

            @JsonPropertyDescription(
                    "Whether its bearer is trusted to say as whom it searches, by the header Concordance-Principals; for"
                            + " applications that know who their users are. Default: false, the header is refused.")
            @Nullable
            Boolean delegates) {}

    /** Bounds of one request. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @JsonPropertyDescription("Most hits that a search may ask for, 1 to 10000. Default: 1000.")
            @Min(1)
            @Max(MAX_K)
            @Nullable
            Integer maxK,

            @JsonPropertyDescription(
                    "Time after which a search ends with status 504: a number and a unit (ms, s, m), 10ms to 10m."
                            + " Default: 2s.")
            @Size(max = MAX_DURATION)
            @ValidationRule(
                    value = "self.matches('^[1-9][0-9]{0,5}(ms|s|m)$') && duration(self) >= duration('10ms') &&"
                            + " duration(self) <= duration('10m')",
                    message = "write a number and a unit between 10ms and 10m, such as 500ms or 2s")
            @Nullable
            String requestTimeout,

            @JsonPropertyDescription(
                    "Most searches at the same time in one pod, 1 to 100000; further ones get status 429. Default: 64.")
            @Min(1)
            @Max(MAX_CONCURRENT)
            @Nullable
            Integer maxConcurrent) {}

    /** What the pods have beside what the operator sets. */
    @SchemaCustomizer(value = ListType.class, input = "env=map:name")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PodTemplate(
            @JsonPropertyDescription("Labels of the pods, at most 64. Those that the operator sets can't be taken.")
            @Size(max = MAX_LABELS)
            @ValidationRule(value = LABEL_KEYS, message = LABEL_KEYS_MESSAGE)
            @ValidationRule(value = LABEL_VALUES, message = LABEL_VALUES_MESSAGE)
            @ValidationRule(
                    value = "self.all(key, !key.startsWith('concordance.dev/') && !(key in ['app.kubernetes.io/name',"
                            + " 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'app.kubernetes.io/part-of',"
                            + " 'app.kubernetes.io/managed-by']))",
                    message =
                            "take another key: the operator sets those of concordance.dev/ and app.kubernetes.io/ itself")
            @Nullable
            Map<String, @Size(max = Rules.MAX_LABEL) String> labels,

            @JsonPropertyDescription("Annotations of the pods, at most 64.")
            @Size(max = MAX_LABELS)
            @ValidationRule(value = LABEL_KEYS, message = LABEL_KEYS_MESSAGE)
            @Nullable
            Map<String, @Size(max = MAX_VALUE) String> annotations,

            @JsonPropertyDescription(
                    "Resources of the pods. Default: requests of 500m cpu and 768Mi memory, a limit of 2Gi memory.")
            @ValidationRule(value = Rules.REQUESTS_WITHIN_LIMITS, message = Rules.REQUESTS_WITHIN_LIMITS_MESSAGE)
            @Nullable
            ResourceRequirements resources,

            @JsonPropertyDescription("Environment variables, at most 128. Example: JAVA_TOOL_OPTIONS")
            @Size(max = MAX_ENTRIES)
            @Nullable
            List<EnvVar> env,

            @JsonPropertyDescription("Labels that a node must have.")
            @Size(max = MAX_LABELS)
            @ValidationRule(value = LABEL_KEYS, message = LABEL_KEYS_MESSAGE)
            @ValidationRule(value = LABEL_VALUES, message = LABEL_VALUES_MESSAGE)
            @Nullable
            Map<String, @Size(max = Rules.MAX_LABEL) String> nodeSelector,

            @JsonPropertyDescription("Taints of nodes that the pods tolerate.") @Size(max = MAX_ENTRIES) @Nullable
            List<Toleration> tolerations,

            @JsonPropertyDescription("Affinity of the pods to nodes and to other pods.") @Nullable
            Affinity affinity,

            @JsonPropertyDescription("How the pods are spread. Default: over nodes, where possible.")
            @Size(max = MAX_LABELS)
            @Nullable
            List<TopologySpreadConstraint> topologySpreadConstraints,

            @JsonPropertyDescription("Name of a PriorityClass. Default: the cluster's.")
            @Size(min = 1, max = Rules.MAX_NAME)
            @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
            @Nullable
            String priorityClassName,

            @JsonPropertyDescription(
                    "Secrets for the image's registry. Default: those that the operator is installed with, or else those of"
                            + " the service account.")
            @Size(max = MAX_LABELS)
            @Nullable
            List<LocalObjectReference> imagePullSecrets) {}
}
