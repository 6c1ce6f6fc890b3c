package dev.concordance.operator.corpus;

import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.kube.Reference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a Corpus declares, checked and with its defaults.
 *
 * @param cluster the SearchCluster
 * @param traced whether generations have a tracer
 * @param access empty: everybody may see everything
 * @param inlet empty: nothing is pushed
 * @param resources of ingestion pods; empty: the operator's
 * @param parallelism how many of them divide a large run
 * @param serviceAccount of ingestion pods; empty: the namespace's default
 * @param retain whether the indexes stay when the Corpus goes
 */
public record CorpusDeclaration(
        String namespace,
        String name,
        List<DeclaredSource> sources,
        Optional<Reference> policy,
        Optional<Reference> model,
        Optional<DeclaredParser> parser,
        Reference cluster,
        RunTiming timing,
        boolean traced,
        Guard deletionGuard,
        List<MetadataField> metadata,
        Optional<DeclaredAccess> access,
        Optional<DeclaredInlet> inlet,
        int shards,
        int replicas,
        DeclaredSearch search,
        RunSpecification.Limits limits,
        Optional<ResourceRequirements> resources,
        int parallelism,
        Optional<Reference> serviceAccount,
        DeclaredRelease release,
        boolean retain) {
    /** Kind of {@link #policy}. */
    public static final String POLICY = "ChunkingPolicy";

    /** Kind of {@link #model}. */
    public static final String MODEL = "EmbeddingModel";

    /** Kind of {@link #cluster}. */
    public static final String CLUSTER = "SearchCluster";

    /** How much may disappear at once, in documents and in percent of them. */
    public record Guard(int maxDocuments, int maxPercent) {}

    public CorpusDeclaration {
        sources = List.copyOf(sources);
        metadata = List.copyOf(metadata);
    }

    /** How old answers may be. */
    public Duration maxStaleness() {
        return timing.level().maxStaleness();
    }

    /** How old what is searchable may be until the sources are to be read again. */
    public Duration readWithin() {
        return Stream.concat(
                        Stream.of(maxStaleness()),
                        access.stream()
                                .flatMap(seen ->
                                        Stream.concat(seen.syncInterval().stream(), Stream.of(seen.maxStaleness()))))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Everything that is referred to by name, but for what those objects refer to in turn. */
    public List<Reference> references() {
        var references = new ArrayList<Reference>();
        references.add(cluster);
        policy.ifPresent(references::add);
        model.ifPresent(references::add);
        parser.ifPresent(declared -> references.addAll(declared.references()));
        serviceAccount.ifPresent(references::add);
        sources.forEach(source -> references.addAll(source.references()));
        search.synonyms().ifPresent(synonyms -> references.add(synonyms.configMap()));
        inlet.ifPresent(declared -> declared.tokens().stream()
                .map(token -> Reference.secret(namespace, token.secret()))
                .distinct()
                .forEach(references::add));
        return references;
    }
}
