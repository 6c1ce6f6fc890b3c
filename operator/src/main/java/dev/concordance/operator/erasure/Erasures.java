package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the Erasures of a corpus mean for its runs and searches. An Erasure is in effect from when it is known not to be too much
 * until it is gone, and what it says is in the object alone: no loss and no restoration of an index can change it.
 */
public final class Erasures {
    /** Index of a cache of Erasures by {@link #corpus}. */
    public static final String BY_CORPUS = "corpus";

    private Erasures() {}

    /** Keys of the corpora that an Erasure is of: one, or none where it names none. */
    public static List<String> corpus(Erasure erasure) {
        return corpusName(erasure)
                .map(name -> new Reference("Corpus", erasure.getMetadata().getNamespace(), name).key())
                .stream()
                .toList();
    }

    /** Name of the corpus that an Erasure is of. */
    public static Optional<String> corpusName(Erasure erasure) {
        var spec = erasure.getSpec();
        return spec == null || spec.corpusRef() == null
                ? Optional.empty()
                : Optional.ofNullable(spec.corpusRef().name());
    }

    /** What is neither indexed nor shown, in an order that doesn't change. */
    public static Tombstones held(Stream<Erasure> ofCorpus) {
        return Tombstones.of(ofCorpus.filter(erasure ->
                        status(erasure).map(ErasureStatus::effectiveSince).isPresent())
                .sorted(Comparator.comparing(erasure -> erasure.getMetadata().getName()))
                .flatMap(erasure -> tombstone(erasure).stream())
                .toList());
    }

    /** The name of one whose first run is at work, or has just ended: what it has erased is not told yet. */
    public static Optional<String> deciding(Stream<Erasure> ofCorpus) {
        return ofCorpus.filter(erasure -> status(erasure)
                        .filter(status -> ErasurePlan.Phase.Erasing.name().equals(status.phase())
                                && status.effectiveSince() == null)
                        .isPresent())
                .map(erasure -> erasure.getMetadata().getName())
                .findFirst();
    }

    /** Whether it is in effect, or going to be without that somebody changes it. */
    public static boolean isToHold(Erasure erasure) {
        return order(erasure).isPresent()
                && status(erasure)
                        .map(ErasureStatus::phase)
                        .filter(ErasurePlan.Phase.Refused.name()::equals)
                        .isEmpty();
    }

    /** What a run has to do that carries an Erasure out; empty: it declares nothing that could be done. */
    public static Optional<ErasureOrder> order(Erasure erasure) {
        return Parsed.of(erasure, ErasureDeclaration::parse)
                .valid()
                .map(declared -> new ErasureOrder(declared.tombstone().with(keys(erasure)), declared.mostDocuments()));
    }

    private static Optional<Tombstone> tombstone(Erasure erasure) {
        return Parsed.of(erasure, ErasureDeclaration::parse)
                .valid()
                .map(declared -> declared.tombstone().with(keys(erasure)));
    }

    private static List<String> keys(Erasure erasure) {
        return status(erasure)
                .map(status -> Defaults.or(status.documentKeys(), List.<String>of()))
                .orElse(List.of());
    }

    private static Optional<ErasureStatus> status(Erasure erasure) {
        return Optional.ofNullable(erasure.getStatus());
    }
}
