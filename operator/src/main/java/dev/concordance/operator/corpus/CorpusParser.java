package dev.concordance.operator.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.api.v1alpha1.ClusterReference;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.api.v1alpha1.IndexSpec;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses Corpora. */
public final class CorpusParser {
    private static final String MAX_DOCUMENT_SIZE = "10Mi";
    private static final int MAX_CHUNKS = 10_000;
    private static final int MAX_QUARANTINED_PERCENT = 50;
    private static final int MAX_DELETED = 50;
    private static final int MAX_DELETED_PERCENT = 10;

    /** Names that would make this corpus's alias the name of another corpus's index. */
    private static final Pattern RESERVED = Pattern.compile(".*-(g[0-9]+(-manifest)?|ledger)");

    private CorpusParser() {}

    /** The strict form of a Corpus; throws {@link InvalidSpec}. */
    public static CorpusDeclaration parse(Corpus corpus) {
        var spec = Defaults.required(corpus.getSpec(), "spec");
        var namespace = corpus.getMetadata().getNamespace();
        var index = Defaults.or(spec.index(), new IndexSpec(null, null, null, null, null, null));
        var ingestion = Defaults.or(
                spec.ingestion(), new CorpusSpec.Ingestion(null, null, null, null, null, null, null, null, null));
        var timing = TimingParser.parse(spec.freshness(), AccessParser.bound(spec.access()), ingestion);
        var metadata = Defaults.or(spec.metadata(), List.<CorpusSpec.MetadataField>of()).stream()
                .map(CorpusParser::field)
                .toList();
        var sources = sources(namespace, spec);
        var access = AccessParser.parse(spec.access(), timing, metadata, sources);
        requireHeard(sources, timing);
        return new CorpusDeclaration(
                namespace,
                name(corpus),
                placed(sources, access),
                reference(CorpusDeclaration.POLICY, namespace, spec.chunkingPolicyRef()),
                reference(CorpusDeclaration.MODEL, namespace, spec.embeddingModelRef()),
                DeclaredParser.parse(namespace, spec.parser()),
                cluster(namespace, spec.searchClusterRef()),
                timing,
                TimingParser.isTraced(spec.freshness()),
                guard(spec.deletionGuard()),
                metadata,
                access,
                DeclaredInlet.parse(spec),
                Defaults.or(index.shards(), 1),
                Defaults.or(index.replicas(), 1),
                SearchParser.parse(namespace, index, spec.retrieval()),
                limits(ingestion),
                Optional.ofNullable(ingestion.resources()),
                Defaults.or(ingestion.parallelism(), 1),
                Optional.ofNullable(ingestion.serviceAccountName())
                        .map(account -> Reference.serviceAccount(namespace, account)),
                DeclaredRelease.parse(spec),
                retain(spec.deletionPolicy()));
    }

    /** The SearchCluster that a Corpus names, also where the rest of it can't be parsed. */
    public static Optional<Reference> cluster(Corpus corpus) {
        var spec = corpus.getSpec();
        return spec == null
                        || spec.searchClusterRef() == null
                        || spec.searchClusterRef().name() == null
                ? Optional.empty()
                : Optional.of(cluster(corpus.getMetadata().getNamespace(), spec.searchClusterRef()));
    }

    static boolean retain(@Nullable String policy) {
        return switch (Defaults.or(policy, "Delete")) {
            case "Delete" -> false;
            case "Retain" -> true;
            default -> throw new InvalidSpec("spec.deletionPolicy: write Delete or Retain");
        };
    }

    private static String name(Corpus corpus) {
        var name = corpus.getMetadata().getName();
        if (RESERVED.matcher(name).matches()) {
            throw new InvalidSpec("metadata.name: \"" + name
                    + "\" ends as the indexes of another corpus do (-g1, -manifest, -ledger); choose another name");
        }
        return name;
    }

    private static List<DeclaredSource> sources(String namespace, CorpusSpec spec) {
        var sources = Defaults.required(spec.sources(), "spec.sources");
        if (sources.isEmpty()) {
            throw new InvalidSpec("spec.sources is empty; declare at least one source");
        }
        return sources.stream()
                .map(source -> SourceParser.parse(namespace, source))
                .toList();
    }

    private static List<DeclaredSource> placed(List<DeclaredSource> sources, Optional<DeclaredAccess> access) {
        return sources.stream()
                .map(source -> access.map(seen -> source.with(seen.places())).orElse(source))
                .toList();
    }

    /** Who follows no sources reads no queue, and what is in a queue only one can take. */
    private static void requireHeard(List<DeclaredSource> sources, RunTiming timing) {
        var queues = sources.stream().flatMap(CorpusParser::queue).toList();
        if (!queues.isEmpty() && !timing.continuous()) {
            throw new InvalidSpec(
                    "spec.sources.s3.notifications are heard by what follows the sources; write"
                            + " spec.ingestion.mode Continuous, or a maxStaleness below 1m without a schedule, or take them out");
        }
        if (queues.stream().distinct().count() < queues.size()) {
            throw new InvalidSpec("spec.sources.s3.notifications: each message of a queue is taken by one source; give"
                    + " each a queue of its own");
        }
    }

    private static Stream<String> queue(DeclaredSource source) {
        return source.manifest().location() instanceof SourceManifest.S3 s3 && s3.queue() != null
                ? Stream.of(s3.queue().url())
                : Stream.empty();
    }

    private static Optional<Reference> reference(String kind, String namespace, @Nullable LocalReference reference) {
        return reference == null || reference.name() == null
                ? Optional.empty()
                : Optional.of(new Reference(kind, namespace, reference.name()));
    }

    private static Reference cluster(String namespace, @Nullable ClusterReference reference) {
        var declared = Defaults.required(reference, "spec.searchClusterRef");
        return new Reference(
                CorpusDeclaration.CLUSTER,
                Defaults.or(declared.namespace(), namespace),
                Defaults.required(declared.name(), "spec.searchClusterRef.name"));
    }

    private static CorpusDeclaration.Guard guard(CorpusSpec.@Nullable DeletionGuard declared) {
        var guard = Defaults.or(declared, new CorpusSpec.DeletionGuard(null, null));
        return new CorpusDeclaration.Guard(
                Defaults.or(guard.maxDocuments(), MAX_DELETED), Defaults.or(guard.maxPercent(), MAX_DELETED_PERCENT));
    }

    private static MetadataField field(CorpusSpec.MetadataField field) {
        var name = Defaults.required(field.name(), "spec.metadata.name");
        var type = Defaults.or(field.type(), "keyword");
        try {
            return new MetadataField(
                    name, ManifestJson.mapper().readValue("\"" + type + "\"", MetadataField.Type.class));
        } catch (JsonProcessingException unknown) {
            throw new InvalidSpec("spec.metadata: the type \"" + type + "\" of " + name
                    + " is not known; write keyword, long, double, boolean or date");
        }
    }

    private static RunSpecification.Limits limits(CorpusSpec.Ingestion ingestion) {
        return new RunSpecification.Limits(
                Defaults.bytes(ingestion.maxDocumentSize(), MAX_DOCUMENT_SIZE, "spec.ingestion.maxDocumentSize"),
                Defaults.or(ingestion.maxChunksPerDocument(), MAX_CHUNKS),
                Defaults.or(ingestion.maxQuarantinedPercent(), MAX_QUARANTINED_PERCENT),
                0);
    }
}
