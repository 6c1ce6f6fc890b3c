package dev.concordance.operator.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.SearchCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What there is of a namespace in the API server and in Elasticsearch, as far as it does not depend on when and where it
 * came about: names, specs and our statuses, without the moments, uids, digests and addresses in them.
 */
public record EndState(Map<String, String> parts) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            SearchCluster.class,
            ChunkingPolicy.class,
            EmbeddingModel.class,
            Corpus.class,
            QueryServer.class,
            IngestionRun.class,
            Job.class,
            Pod.class,
            ConfigMap.class,
            Deployment.class,
            Service.class,
            PodDisruptionBudget.class,
            HorizontalPodAutoscaler.class);
    private static final Set<String> KEPT =
            Set.of("name", "labels", "annotations", "finalizers", "deletionTimestamp", "ownerReferences");
    private static final Set<String> GIVEN = Set.of("clusterIP", "clusterIPs");
    private static final String ELASTICSEARCH = "Elasticsearch";
    private static final String ROOT_CA = "kube-root-ca.crt";
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");
    private static final Pattern MOMENT = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2}T)?[0-9]{2}:[0-9]{2}:[0-9.]+Z");
    private static final Pattern DURATION = Pattern.compile("\"duration\":\"[0-9]+[smh]\"");
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern DIGEST = Pattern.compile("\\b[0-9a-f]{8,64}\\b");

    public EndState {
        parts = new TreeMap<>(parts);
    }

    /** How it is now in a namespace. */
    public static EndState of(String namespace) {
        return Objects.requireNonNull(of(List.of(namespace)).get(namespace));
    }

    /** How it is now in these namespaces. */
    public static Map<String, EndState> of(Collection<String> namespaces) {
        var parts = new HashMap<String, Map<String, String>>();
        namespaces.forEach(namespace -> parts.put(namespace, new TreeMap<>()));
        for (var kind : KINDS) {
            for (var object : TestCluster.get()
                    .client()
                    .resources(kind)
                    .inAnyNamespace()
                    .list()
                    .getItems()) {
                var found = parts.get(object.getMetadata().getNamespace());
                if (found != null && !object.getMetadata().getName().equals(ROOT_CA)) {
                    put(found, object);
                }
            }
        }
        var states = new HashMap<String, EndState>();
        parts.forEach((namespace, found) -> {
            found.put(ELASTICSEARCH, elasticsearch(namespace));
            states.put(namespace, new EndState(found));
        });
        return states;
    }

    /** Indexes, aliases, and what the ledger holds. */
    public String elasticsearch() {
        return parts.getOrDefault(ELASTICSEARCH, "");
    }

    /** What is in only one of two, or is another in each. */
    public Set<String> differences(EndState other) {
        var all = new TreeSet<>(parts.keySet());
        all.addAll(other.parts.keySet());
        var differences = new TreeSet<String>();
        for (var part : all) {
            if (!Objects.equals(parts.get(part), other.parts.get(part))) {
                differences.add(part + ": " + parts.get(part) + "\n    but: " + other.parts.get(part));
            }
        }
        return differences;
    }

    private static void put(Map<String, String> found, HasMetadata object) {
        var namespace = object.getMetadata().getNamespace();
        if (object instanceof Pod pod) {
            var job = pod.getMetadata().getLabels().get("batch.kubernetes.io/job-name");
            if (job != null) {
                found.merge("pods of " + job, pod.getStatus().getPhase(), (one, other) -> one + " " + other);
            }
            return;
        }
        ObjectNode json =
                TestCluster.get().client().getKubernetesSerialization().convertValue(object, ObjectNode.class);
        if (!object.getApiVersion().startsWith(Api.GROUP)) {
            json.remove("status");
        }
        var metadata = (ObjectNode) json.path("metadata");
        metadata.retain(KEPT);
        if (json.path("spec") instanceof ObjectNode spec) {
            spec.remove(GIVEN);
        }
        found.put(
                masked(object.getKind() + " " + object.getMetadata().getName(), namespace),
                masked(json.toString(), namespace));
    }

    private static String masked(String text, String namespace) {
        var masked = ADDRESS.matcher(text.replace(namespace, "NAMESPACE")).replaceAll("ADDRESS");
        masked = MOMENT.matcher(masked).replaceAll("MOMENT");
        masked = DURATION.matcher(masked).replaceAll("\"duration\":\"DURATION\"");
        masked = UID.matcher(masked).replaceAll("UID");
        return DIGEST.matcher(masked).replaceAll("DIGEST");
    }

    private static String elasticsearch(String namespace) {
        var prefix = "cc-" + namespace + ".";
        var indexes = get("/_cat/indices/" + prefix + "*?h=index&s=index&expand_wildcards=all");
        var aliases = get("/_cat/aliases/" + prefix + "*?h=alias,index&s=alias,index&expand_wildcards=all");
        var ledger = new TreeSet<String>();
        if (indexes.contains("-ledger")) {
            get("/" + prefix + "*-ledger/_refresh?expand_wildcards=all");
            var hits = get("/" + prefix + "*-ledger/_search?size=100&_source=false&expand_wildcards=all");
            try {
                JSON.readTree(hits)
                        .path("hits")
                        .path("hits")
                        .forEach(hit -> ledger.add(hit.path("_id").asText()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return masked(indexes.strip() + "\n" + aliases.strip() + "\n" + ledger, namespace);
    }

    private static String get(String path) {
        try {
            var url = URI.create(TestCluster.get().elasticsearch().url() + path);
            return HTTP.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
