package dev.concordance.operator.corpus;

import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SynonymRule;
import dev.concordance.manifest.SynonymRule.InvalidSynonyms;
import dev.concordance.operator.chunking.DeclaredPolicy;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnections;
import dev.concordance.operator.cluster.ClusterDeclaration;
import dev.concordance.operator.kube.Authority;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reason;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Values;
import dev.concordance.operator.model.DeclaredModel;
import dev.concordance.operator.model.EmbeddingModels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a corpus's references. */
public final class CorpusResolver {
    /** The reason for which nothing can be said of a SearchCluster: this process has not asked it yet. */
    public static final String NOT_CHECKED = CorpusReason.ClusterNotReady.name();

    private static final String EVERY_NAMESPACE = "*";

    private final CorpusReferences references;
    private final ClusterConnections connections;
    private final Values values;
    private final Set<String> privateNetworkNamespaces;

    /** @param privateNetworkNamespaces whose corpora may read websites in private networks; {@code *}: all */
    public CorpusResolver(
            CorpusReferences references,
            ClusterConnections connections,
            Values values,
            Set<String> privateNetworkNamespaces) {
        this.references = references;
        this.connections = connections;
        this.values = values;
        this.privateNetworkNamespaces = Set.copyOf(privateNetworkNamespaces);
    }

    /**
     * All that a corpus refers to, found and usable.
     *
     * @param manifest what the live generation should be, numbered 0
     * @param sources as a run reads them
     * @param inputs digest of all this, and of the versions of the Secrets that pods mount
     */
    public record Resolved(GenerationManifest manifest, List<SourceManifest> sources, String inputs) {
        public Resolved {
            sources = List.copyOf(sources);
        }

        /** Digest of the sources, as the ledger records it. */
        public String sourcesDigest() {
            return GenerationState.digest(sources);
        }
    }

    /** Is thrown where a reference leads to nothing that can be used. */
    public static final class Unresolved extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        Unresolved(Reason reason, Object... facts) {
            this(reason.name(), reason.message(facts));
        }

        Unresolved(String reason, String message) {
            super(message, null, false, false);
            this.reason = reason;
        }

        /** The condition's reason. */
        public String reason() {
            return reason;
        }

        /** The condition's sentence. */
        public String sentence() {
            return String.valueOf(getMessage());
        }
    }

    /** Calls the listener with the namespace in which an EmbeddingModel, or a ConfigMap of a corpus, has changed. */
    public void subscribe(Consumer<String> listener) {
        references.subscribe(listener);
    }

    /** Whether the caches can be trusted yet. */
    public boolean isReady() {
        return references.isReady();
    }

    /** Whether a Secret exists. */
    public boolean exists(Reference secret) {
        return references.secret(secret).isPresent();
    }

    /** Throws if the Secret or its key does not exist. */
    void require(Reference secret, String key) throws Unresolved {
        var data = references
                .secret(secret)
                .orElseThrow(() -> new Unresolved(CorpusReason.ReferenceMissing, secret))
                .getData();
        if (data == null || !data.containsKey(key)) {
            throw new Unresolved(CorpusReason.KeyMissing, secret, key);
        }
    }

    /** The connection to a corpus's SearchCluster, whether it works or not. */
    public ClusterConnection connection(String namespace, Reference cluster) throws Unresolved {
        var object =
                references.cluster(cluster).orElseThrow(() -> new Unresolved(CorpusReason.ReferenceMissing, cluster));
        var declaration = switch (Parsed.of(object, ClusterDeclaration::parse)) {
            case Parsed.Valid<ClusterDeclaration>(var valid) -> valid;
            case Parsed.Invalid<ClusterDeclaration>(var sentence) ->
                throw new Unresolved(CorpusReason.ReferenceInvalid, cluster, sentence);
        };
        if (!declaration.allows(namespace)) {
            throw new Unresolved(CorpusReason.ReferenceNotAllowed, cluster, namespace);
        }
        var connection = connections.find(cluster.namespace(), cluster.name());
        if (connection.isPresent()) {
            return connection.get();
        }
        var status = object.getStatus();
        var told = Conditions.find(status == null ? null : status.conditions(), Conditions.READY)
                .filter(condition -> "False".equals(condition.getStatus()));
        throw told.map(condition -> new Unresolved(condition.getReason(), condition.getMessage()))
                .orElseGet(() -> new Unresolved(CorpusReason.ClusterNotReady, cluster));
    }

    /** Everything else; the connection need not work. */
    public Resolved resolve(CorpusDeclaration declared, ClusterConnection connection) throws Unresolved {
        var inputs = new Fingerprint("inputs/1");
        var model = model(declared);
        var policy = policy(declared);
        requireDimensions(declared, model);
        var manifest = new GenerationManifest(
                0,
                GenerationManifest.PIPELINE,
                policy.chunking(),
                model,
                declared.shards(),
                declared.metadata(),
                policy.privacy(),
                declared.access().isPresent(),
                parser(declared, inputs),
                declared.search().vectors(),
                declared.search().analysis());
        synonyms(declared);
        var sources = sources(declared, inputs);
        for (var reference : declaredModel(declared).references(declared.namespace())) {
            inputs.with(reference.key(), version(require(reference)));
        }
        if (declared.serviceAccount().isPresent()) {
            var account = declared.serviceAccount().get();
            inputs.with(account.key(), version(require(account)));
        }
        var ingestSecret = connection.declaration().ingestSecret();
        if (ingestSecret.isPresent()) {
            var secret = Reference.secret(declared.namespace(), ingestSecret.get());
            inputs.with(secret.key(), version(require(secret)));
        }
        inputs.with("sources", sources)
                .with("generation", manifest.digest())
                .with("model", model.withQueryPrefix(""))
                .with("urls", connection.declaration().urls())
                .with("limits", declared.limits());
        return new Resolved(manifest, sources, inputs.digest());
    }

    /** The synonyms that a corpus declares. */
    public List<SynonymRule> synonyms(CorpusDeclaration declared) throws Unresolved {
        if (declared.search().synonyms().isEmpty()) {
            return List.of();
        }
        var synonyms = declared.search().synonyms().get();
        var map = synonyms.configMap();
        require(map);
        try {
            return SynonymRule.parse(value(map, synonyms.key()));
        } catch (InvalidSynonyms e) {
            throw new Unresolved(CorpusReason.SynonymsInvalid, synonyms.key(), map, String.valueOf(e.getMessage()));
        }
    }

    private static void requireDimensions(CorpusDeclaration declared, EmbeddingModelManifest model) throws Unresolved {
        var fewest = declared.search().vectors().fewestDimensions();
        if (model.dimensions() < fewest) {
            throw new Unresolved(CorpusReason.TooFewDimensions, fewest, model.dimensions());
        }
    }

    private @Nullable RemoteParser parser(CorpusDeclaration declared, Fingerprint inputs) throws Unresolved {
        if (declared.parser().isEmpty()) {
            return null;
        }
        var parser = declared.parser().get();
        for (var reference : parser.references()) {
            inputs.with(reference.key(), version(require(reference)));
        }
        var authority = parser.authority();
        var manifest = parser.manifest().trusting(authority.isPresent() ? certificates(authority.get()) : null);
        inputs.with("parser", manifest);
        return manifest;
    }

    private List<SourceManifest> sources(CorpusDeclaration declared, Fingerprint inputs) throws Unresolved {
        var sources = new ArrayList<SourceManifest>();
        for (var source : declared.sources()) {
            for (var reference : source.references()) {
                inputs.with(reference.key(), version(require(reference)));
            }
            sources.add(source.with(
                    source.mounted().isPresent()
                            ? version(require(source.mounted().get()))
                            : "",
                    source.authority().isPresent()
                            ? certificates(source.authority().get())
                            : null,
                    mayReadPrivateNetworks(declared.namespace())));
        }
        return sources;
    }

    private boolean mayReadPrivateNetworks(String namespace) {
        return privateNetworkNamespaces.contains(EVERY_NAMESPACE) || privateNetworkNamespaces.contains(namespace);
    }

    private DeclaredPolicy policy(CorpusDeclaration declared) throws Unresolved {
        if (declared.policy().isEmpty()) {
            return DeclaredPolicy.builtIn();
        }
        var reference = declared.policy().get();
        var policy = references
                .policy(reference)
                .orElseThrow(() -> new Unresolved(CorpusReason.ReferenceMissing, reference));
        return usable(reference, Parsed.of(policy, DeclaredPolicy::parse));
    }

    /** The model that a corpus declares, where it is now. */
    public EmbeddingModelManifest model(CorpusDeclaration declared) throws Unresolved {
        var model = declaredModel(declared);
        return model.trusting(
                model.authority().isPresent() ? certificates(model.authority().get()) : null);
    }

    private DeclaredModel declaredModel(CorpusDeclaration declared) throws Unresolved {
        if (declared.model().isEmpty()) {
            return EmbeddingModels.builtIn();
        }
        var reference = declared.model().get();
        var model =
                references.model(reference).orElseThrow(() -> new Unresolved(CorpusReason.ReferenceMissing, reference));
        return usable(reference, Parsed.of(model, EmbeddingModels::parse));
    }

    private static <T> T usable(Reference reference, Parsed<T> parsed) throws Unresolved {
        return switch (parsed) {
            case Parsed.Valid<T>(var value) -> value;
            case Parsed.Invalid<T>(var sentence) ->
                throw new Unresolved(CorpusReason.ReferenceInvalid, reference, sentence);
        };
    }

    private HasMetadata require(Reference reference) throws Unresolved {
        var found = switch (reference.kind()) {
            case "Secret" -> references.secret(reference);
            case "ConfigMap" -> references.configMap(reference);
            case "ServiceAccount" -> references.serviceAccount(reference);
            default -> references.claim(reference);
        };
        return found.map(HasMetadata.class::cast)
                .orElseThrow(() -> new Unresolved(CorpusReason.ReferenceMissing, reference));
    }

    private String certificates(Authority authority) throws Unresolved {
        return value(authority.configMap(), authority.key());
    }

    private String value(Reference map, String key) throws Unresolved {
        var value = values.configMap(map.namespace(), map.name()).map(data -> data.get(key));
        return value.orElseThrow(() -> new Unresolved(CorpusReason.KeyMissing, map, key));
    }

    /** A claim's version changes with its use and says nothing of its content. */
    private static String version(@Nullable HasMetadata object) {
        return object == null || "PersistentVolumeClaim".equals(object.getKind())
                ? ""
                : object.getMetadata().getResourceVersion();
    }
}
