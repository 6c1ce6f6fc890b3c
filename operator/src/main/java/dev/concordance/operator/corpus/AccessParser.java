package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusAccess;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses who may see the documents of a Corpus. */
final class AccessParser {
    private static final String FIELD = "access";
    private static final Duration MAX_STALENESS = Duration.ofHours(1);
    private static final String SYNC_INTERVAL = "spec.access.syncInterval";
    private static final String MAX = "spec.access.maxStaleness";

    private AccessParser() {}

    /** Empty: everybody may see everything; throws {@link InvalidSpec}. */
    static Optional<DeclaredAccess> parse(
            @Nullable CorpusAccess declared,
            RunTiming timing,
            List<MetadataField> metadata,
            List<DeclaredSource> sources) {
        if (declared == null || !isDocumentLevel(declared)) {
            return Optional.empty();
        }
        requirePaths(declared, sources);
        var interval = declared(declared.syncInterval(), SYNC_INTERVAL);
        var usual = interval.filter(every -> every.compareTo(timing.level().maxStaleness()) < 0)
                .orElse(timing.level().maxStaleness());
        var longest = usual.multipliedBy(2).compareTo(MAX_STALENESS) > 0 ? usual.multipliedBy(2) : MAX_STALENESS;
        var most = declared(declared.maxStaleness(), MAX).orElse(longest);
        if (timing.schedule().isPresent() && (interval.isPresent() || declared.maxStaleness() == null)) {
            throw new InvalidSpec(
                    "spec.access: freshness.schedule says when access lists are read; take syncInterval out,"
                            + " and write a maxStaleness longer than the time between two runs");
        }
        if (interval.isPresent() && most.compareTo(interval.get()) <= 0) {
            throw new InvalidSpec(MAX + ": write more than syncInterval; no search is answered by older access lists");
        }
        var field = Defaults.or(declared.field(), FIELD);
        if (metadata.stream().anyMatch(one -> one.name().equals(field))) {
            throw new InvalidSpec("spec.metadata: the field " + field
                    + " says who may see a document; take it out of metadata, or choose another access.field");
        }
        return Optional.of(new DeclaredAccess(new SourceManifest.Access(field, declared.file()), interval, most));
    }

    /** How old access lists may get at most, by what is declared of that; empty: nothing is. Throws {@link InvalidSpec}. */
    static Optional<Duration> bound(@Nullable CorpusAccess declared) {
        return declared == null || !isDocumentLevel(declared)
                ? Optional.empty()
                : Stream.of(declared(declared.syncInterval(), SYNC_INTERVAL), declared(declared.maxStaleness(), MAX))
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder());
    }

    private static Optional<Duration> declared(@Nullable String text, String field) {
        return Optional.ofNullable(text).map(written -> Defaults.duration(written, written, field));
    }

    /** A file of rules that are about nothing would let somebody believe that documents are guarded. */
    private static void requirePaths(CorpusAccess declared, List<DeclaredSource> sources) {
        if (declared.file() != null && sources.stream().noneMatch(DeclaredSource::hasPaths)) {
            throw new InvalidSpec(
                    "spec.access.file: no source has files whose paths it could be about; take it out, and name"
                            + " in access.field where the documents themselves say who may see them");
        }
    }

    private static boolean isDocumentLevel(CorpusAccess declared) {
        return switch (Defaults.or(declared.mode(), "Public")) {
            case "Public" -> false;
            case "DocumentLevel" -> true;
            default -> throw new InvalidSpec("spec.access.mode: write Public or DocumentLevel");
        };
    }
}
