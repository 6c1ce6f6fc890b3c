package dev.concordance.ingest;

import dev.concordance.index.Audit;
import dev.concordance.index.Leftover;
import dev.concordance.index.ManifestRecord;
import dev.concordance.spool.Sequence;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a generation holds when a run begins.
 *
 * @param records its manifest
 * @param leftovers chunks of a run that did not end
 * @param audit what is wrong with the rest
 * @param resumes whether a former run may have left something half written
 */
record Inventory(Sequence<ManifestRecord> records, List<Leftover> leftovers, Audit audit, boolean resumes) {
    /** Keys of documents that get new chunks, whatever their sources say. */
    Set<String> redone() {
        return Stream.concat(audit.damaged().stream(), leftovers.stream().map(Leftover::key))
                .collect(Collectors.toSet());
    }

    /** Chunks that no record knows. */
    List<Leftover> strays() {
        return Stream.concat(leftovers.stream(), audit.orphans().stream())
                .distinct()
                .toList();
    }

    /** Whether the generation may hold vectors that needn't be computed again. */
    boolean isFilled() {
        return !records.isEmpty() || !leftovers.isEmpty();
    }
}
