package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
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
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryServerSpec(
        @Nullable LabelSelector corpora,
        @Nullable Replicas replicas,
        @Nullable Autoscaling autoscaling,
        @Nullable Authentication authentication,
        @Nullable Limits limits,
        @Nullable PodTemplate podTemplate) {

    /** How many pods; max above min makes the number follow the load. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Replicas(
            @SpecReplicas @Nullable Integer min, @Nullable Integer max) {}

    /** When pods are added. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Autoscaling(@Nullable Integer targetCpuUtilizationPercent) {}

    /** Who may search: either anyone who reaches the Service, or the holders of tokens. */
    @SchemaCustomizer(value = ListMap.class, input = "tokens=name")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Authentication(
            @Nullable Boolean anonymous, @Nullable List<Token> tokens) {}

    /** A bearer token and the corpora that it opens. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Token(
            @Nullable String name,
            @Nullable KeyReference secretRef,
            @Nullable List<String> corpora) {}

    /** Bounds of one request. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @Nullable Integer maxK,
            @Nullable String requestTimeout,
            @Nullable Integer maxConcurrent) {}

    /** What the pods have beside what the operator sets. */
    @SchemaCustomizer(value = ListMap.class, input = "env=name")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PodTemplate(
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable ResourceRequirements resources,
            @Nullable List<EnvVar> env,
            @Nullable Map<String, String> nodeSelector,
            @Nullable List<Toleration> tolerations,
            @Nullable Affinity affinity,
            @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
            @Nullable String priorityClassName,
            @Nullable List<LocalObjectReference> imagePullSecrets) {}
}
