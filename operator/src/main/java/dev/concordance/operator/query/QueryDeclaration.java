package dev.concordance.operator.query;

import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.QueryServerSpec;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a QueryServer declares, checked and with its defaults. */
record QueryDeclaration(
        LabelSelector corpora,
        int min,
        int max,
        int targetCpuPercent,
        boolean anonymous,
        List<DeclaredToken> tokens,
        RoutingTable.Limits limits,
        QueryServerSpec.PodTemplate template) {
    private static final int TARGET_CPU_PERCENT = 70;
    private static final int MAX_K = 1_000;
    private static final int MAX_REQUEST_BYTES = 64 * 1024;
    private static final int MAX_CONCURRENT = 64;
    private static final QueryServerSpec.PodTemplate EMPTY =
            new QueryServerSpec.PodTemplate(null, null, null, null, null, null, null, null, null, null);

    QueryDeclaration {
        tokens = List.copyOf(tokens);
    }

    /** A bearer token, whose value is under {@code key} of a Secret. */
    record DeclaredToken(
            String name, String secret, String key, List<String> corpora, List<String> principals, boolean delegates) {
        DeclaredToken {
            corpora = List.copyOf(corpora);
            principals = List.copyOf(principals);
        }
    }

    static QueryDeclaration parse(QueryServer server) {
        var spec = Defaults.required(server.getSpec(), "spec");
        var replicas = Defaults.or(spec.replicas(), new QueryServerSpec.Replicas(null, null));
        var min = Defaults.or(replicas.min(), 1);
        var max = Math.max(min, Defaults.or(replicas.max(), min));
        if (replicas.max() != null && replicas.max() < min) {
            throw new InvalidSpec("spec.replicas.max (" + replicas.max() + ") is smaller than min (" + min + ")");
        }
        var authentication = Defaults.required(spec.authentication(), "spec.authentication");
        var anonymous = Defaults.or(authentication.anonymous(), false);
        var tokens = Defaults.or(authentication.tokens(), List.<QueryServerSpec.Token>of()).stream()
                .map(QueryDeclaration::token)
                .toList();
        requireOneWay(anonymous, tokens);
        return new QueryDeclaration(
                Defaults.or(spec.corpora(), new LabelSelector()),
                min,
                max,
                targetCpu(spec.autoscaling()),
                anonymous,
                tokens,
                limits(spec.limits()),
                Defaults.or(spec.podTemplate(), EMPTY));
    }

    private static void requireOneWay(boolean anonymous, List<DeclaredToken> tokens) {
        if (anonymous != tokens.isEmpty()) {
            throw new InvalidSpec("spec.authentication: set either anonymous: true or at least one token");
        }
        var names = new HashSet<String>();
        for (var token : tokens) {
            if (!names.add(token.name())) {
                throw new InvalidSpec("spec.authentication.tokens: the name \"" + token.name() + "\" is there twice");
            }
        }
    }

    private static int targetCpu(QueryServerSpec.@Nullable Autoscaling autoscaling) {
        return autoscaling == null
                ? TARGET_CPU_PERCENT
                : Defaults.or(autoscaling.targetCpuUtilizationPercent(), TARGET_CPU_PERCENT);
    }

    private static DeclaredToken token(QueryServerSpec.Token token) {
        var reference = Defaults.required(token.secretRef(), "spec.authentication.tokens.secretRef");
        return new DeclaredToken(
                Defaults.required(token.name(), "spec.authentication.tokens.name"),
                Defaults.required(reference.name(), "spec.authentication.tokens.secretRef.name"),
                Defaults.or(reference.key(), "token"),
                Defaults.or(token.corpora(), List.of("*")),
                Defaults.or(token.principals(), List.of()),
                Defaults.or(token.delegates(), false));
    }

    private static RoutingTable.Limits limits(QueryServerSpec.@Nullable Limits declared) {
        var limits = Defaults.or(declared, new QueryServerSpec.Limits(null, null, null));
        var timeout = Defaults.duration(limits.requestTimeout(), "2s", "spec.limits.requestTimeout");
        return new RoutingTable.Limits(
                Defaults.or(limits.maxK(), MAX_K),
                MAX_REQUEST_BYTES,
                timeout.toMillis(),
                Defaults.or(limits.maxConcurrent(), MAX_CONCURRENT));
    }
}
