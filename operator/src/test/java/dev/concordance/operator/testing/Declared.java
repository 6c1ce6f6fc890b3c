package dev.concordance.operator.testing;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicySpec;
import dev.concordance.api.v1alpha1.ClusterReference;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusRelease;
import dev.concordance.api.v1alpha1.CorpusSource;
import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.EmbeddingModel;
import dev.concordance.api.v1alpha1.EmbeddingModelSpec;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.ErasureSpec;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.IndexSpec;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.api.v1alpha1.KeyReference;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.api.v1alpha1.PushSource;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.QueryServerSpec;
import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.api.v1alpha1.SearchClusterSpec;
import dev.concordance.operator.kube.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** What a user declares in one namespace, and what they wait for. */
public record Declared(String namespace) {
    private static final Duration LIMIT = Duration.ofSeconds(240);
    private static final Duration LONG_AGO = Duration.ofMinutes(2);
    private static final String SINCE = """
            [{"op": "test", "path": "/status/conditions/%d/type", "value": "Reconciling"},
             {"op": "replace", "path": "/status/conditions/%d/lastTransitionTime", "value": "%s"}]
            """;

    private static KubernetesClient client() {
        return TestCluster.get().client();
    }

    /** A SearchCluster without credentials. */
    public SearchCluster cluster(URI url) {
        return apply(with(
                new SearchCluster(), "search", new SearchClusterSpec(List.of(url.toString()), null, null, null, null)));
    }

    /** A SearchCluster whose operator credentials are in a Secret. */
    public SearchCluster clusterWithSecret(URI url, String secret) {
        var credentials =
                new SearchClusterSpec.Credentials(new LocalReference(secret), new LocalReference(secret), null);
        return apply(with(
                new SearchCluster(),
                "search",
                new SearchClusterSpec(List.of(url.toString()), null, null, credentials, null)));
    }

    /** A ChunkingPolicy. */
    public ChunkingPolicy policy(int tokens) {
        return apply(with(
                new ChunkingPolicy(),
                "headings",
                new ChunkingPolicySpec(
                        new ChunkingPolicySpec.Headings(tokens, 16, null),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)));
    }

    /** An EmbeddingModel that the image holds. */
    public EmbeddingModel model() {
        return apply(with(
                new EmbeddingModel(),
                "small",
                new EmbeddingModelSpec(new EmbeddingModelSpec.Bundled("all-minilm-l6-v2-q"), null, null, null)));
    }

    /** A Corpus over a git repository. */
    public Corpus corpus(String name) {
        return corpus(name, null, "Delete");
    }

    /** A Corpus with credentials for its repository, and what becomes of its indexes. */
    public Corpus corpus(String name, @Nullable String gitSecret, String deletionPolicy) {
        return corpus(name, gitSecret, deletionPolicy, null, null);
    }

    /** A Corpus whose answers may not be older; how, the mode of its ingestion says. */
    public Corpus corpusNoOlderThan(String name, String maxStaleness, String mode) {
        return corpus(
                name,
                null,
                "Delete",
                new CorpusSpec.Freshness(maxStaleness, "99", "1h", null, null),
                new CorpusSpec.Ingestion(mode, null, null, null, null, null, null, null, null));
    }

    /** A Corpus without a tracer. */
    public Corpus untracedCorpus(String name) {
        return corpus(name, null, "Delete", new CorpusSpec.Freshness(null, null, null, null, "Disabled"), null);
    }

    private Corpus corpus(
            String name,
            @Nullable String gitSecret,
            String deletionPolicy,
            CorpusSpec.@Nullable Freshness freshness,
            CorpusSpec.@Nullable Ingestion ingestion) {
        var git = new CorpusSource.Git(
                "https://git.example.com/handbook.git",
                "main",
                gitSecret == null ? null : new LocalReference(gitSecret),
                null);
        var source = new CorpusSource("site", git, null, null, null, null, null, null, null, null, null, null, null);
        return over(source, name, deletionPolicy, freshness, ingestion);
    }

    /** A Corpus that is pushed to with the token in a Secret. */
    public Corpus pushedCorpus(String name, String secret) {
        var push = new PushSource(List.of(new PushSource.Token("editors", new KeyReference(secret, null))));
        var source =
                new CorpusSource("articles", null, null, null, null, null, push, null, null, null, null, null, null);
        return over(source, name, "Delete", null, null);
    }

    private Corpus over(
            CorpusSource source,
            String name,
            String deletionPolicy,
            CorpusSpec.@Nullable Freshness freshness,
            CorpusSpec.@Nullable Ingestion ingestion) {
        return apply(with(
                new Corpus(),
                name,
                new CorpusSpec(
                        List.of(source),
                        new LocalReference("headings"),
                        null,
                        null,
                        new ClusterReference("search", null),
                        freshness,
                        null,
                        null,
                        null,
                        new IndexSpec(null, 0, null, null, 0, null),
                        new CorpusRelease(null, "0s"),
                        null,
                        null,
                        ingestion,
                        null,
                        deletionPolicy)));
    }

    /** A QueryServer for everybody, over everything. */
    public QueryServer queryServer(int min, int max) {
        return apply(with(
                new QueryServer(),
                "search",
                new QueryServerSpec(
                        new LabelSelector(),
                        new QueryServerSpec.Replicas(min, max),
                        null,
                        new QueryServerSpec.Authentication(true, null),
                        null,
                        null)));
    }

    /** An Erasure by metadata, whose receipt is signed with the Secret {@code receipts}. */
    public Erasure erasure(String name) {
        return apply(with(
                new Erasure(),
                name,
                new ErasureSpec(
                        new LocalReference("handbook"),
                        null,
                        null,
                        List.of(new ErasureSpec.MetadataSelector(Map.of("customer", "4711"))),
                        null,
                        new ErasureSpec.Receipt(new KeyReference("receipts", null)))));
    }

    /** What an Erasure says of itself. */
    public Optional<ErasureStatus> erased(String name) {
        return Optional.ofNullable(client().resources(Erasure.class)
                .inNamespace(namespace)
                .withName(name)
                .require()
                .getStatus());
    }

    /** Waits until an Erasure has this reason to be ready or not. */
    public Condition awaitErasure(String name, String reason) {
        return await(name + " " + reason)
                .until(
                        () -> erased(name).flatMap(status -> Conditions.find(status.conditions(), Conditions.READY)),
                        condition -> condition
                                .filter(found -> reason.equals(found.getReason()))
                                .isPresent())
                .orElseThrow();
    }

    /** A Secret. */
    public void secret(String name, Map<String, String> values) {
        apply(new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(values)
                .build());
    }

    /** Annotates an object; null takes the annotation away. */
    public void annotate(HasMetadata object, String name, @Nullable String value) {
        var shown = value == null ? "null" : "\"" + value + "\"";
        client().resource(object)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"" + name + "\":" + shown + "}}}");
    }

    /** The Corpus as it is. */
    public Corpus corpusNow(String name) {
        return client().resources(Corpus.class)
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    /** What the Corpus says that it serves. */
    public Optional<CorpusStatus.Serving> serving(String name) {
        return Optional.ofNullable(corpusNow(name).getStatus()).map(CorpusStatus::serving);
    }

    /** An IngestionRun of the corpus {@code handbook}, as a user creates one; null: in the mode that it has by itself. */
    public IngestionRun run(String name, @Nullable String mode) {
        var spec = new IngestionRunSpec(new LocalReference("handbook"), mode, null, null);
        return client().resource(with(new IngestionRun(), name, spec)).create();
    }

    /** The runs of the namespace. */
    public List<IngestionRun> runs() {
        return client().resources(IngestionRun.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    /** Waits until a condition of the Corpus has this reason, and has it told in a sentence. */
    public Condition awaitCorpus(String name, String type, String reason) {
        return await(name + " " + type + " " + reason)
                .until(
                        () -> Conditions.find(
                                Optional.ofNullable(corpusNow(name).getStatus())
                                        .map(CorpusStatus::conditions)
                                        .orElse(null),
                                type),
                        condition -> condition
                                .filter(found -> reason.equals(found.getReason()))
                                .isPresent())
                .orElseThrow();
    }

    /** Waits until the Corpus serves this generation and is ready. */
    public void awaitServing(String name, int generation) {
        await(name + " serves " + generation)
                .until(() -> serving(name)
                        .filter(serving -> Integer.valueOf(generation).equals(serving.generation()))
                        .isPresent());
        awaitCorpus(name, Conditions.READY, "Serving");
    }

    /** Waits until the SearchCluster has this reason to be ready or not. */
    public Condition awaitCluster(String reason) {
        return await("SearchCluster " + reason)
                .until(
                        () -> Optional.ofNullable(client().resources(SearchCluster.class)
                                        .inNamespace(namespace)
                                        .withName("search")
                                        .require()
                                        .getStatus())
                                .flatMap(status -> Conditions.find(status.conditions(), Conditions.READY)),
                        condition -> condition
                                .filter(found -> reason.equals(found.getReason()))
                                .isPresent())
                .orElseThrow();
    }

    /**
     * Makes a Corpus that has settled on a generation look as if it had done so long ago, so that nobody has to wait until
     * the searches that began before have ended.
     */
    public void settledLongAgo(String name, int generation) {
        var corpus = corpusNow(name);
        var status = corpus.getStatus();
        if (status == null || status.serving() == null || status.serving().generation() != generation) {
            return;
        }
        for (var position = 0; position < status.conditions().size(); position++) {
            var condition = status.conditions().get(position);
            if (condition.getType().equals(Conditions.RECONCILING)
                    && condition.getStatus().equals("False")
                    && Instant.parse(condition.getLastTransitionTime())
                            .isAfter(Instant.now().minus(LONG_AGO))) {
                var since = Instant.now().minus(LONG_AGO.multipliedBy(2)).truncatedTo(ChronoUnit.SECONDS);
                client().resource(corpus)
                        .subresource("status")
                        .patch(PatchContext.of(PatchType.JSON), SINCE.formatted(position, position, since));
            }
        }
    }

    /** Waits until an object is gone. */
    public void awaitGone(HasMetadata object) {
        await(object.getMetadata().getName() + " gone")
                .until(() -> client().resource(object).get() == null);
    }

    /** Waits with a deadline. */
    public static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(100));
    }

    private <R extends CustomResource<S, ?>, S> R with(R resource, String name, S spec) {
        resource.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        resource.setSpec(spec);
        return resource;
    }

    private static <R extends HasMetadata> R apply(R object) {
        return client().resource(object).fieldManager("user").forceConflicts().serverSideApply();
    }
}
