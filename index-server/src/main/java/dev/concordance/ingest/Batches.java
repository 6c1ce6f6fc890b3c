package dev.concordance.ingest;

import dev.concordance.ingest.Difference.Work;
import dev.concordance.source.Entry;
import java.util.ArrayList;
import java.util.List;

/** Divides work so that what is in memory at the same time stays small. */
final class Batches {
    private static final int MOST_DOCUMENTS = 32;
    private static final long MOST_BYTES = 1 << 20;
    private static final long BYTES_OF_A_LINE = 4096;

    private Batches() {}

    static List<List<Work>> of(List<Work> work) {
        var batches = new ArrayList<List<Work>>();
        var batch = new ArrayList<Work>();
        var bytes = 0L;
        for (var one : work) {
            batch.add(one);
            bytes += one.entry() instanceof Entry.File file ? file.size() : BYTES_OF_A_LINE;
            if (batch.size() == MOST_DOCUMENTS || bytes >= MOST_BYTES) {
                batches.add(List.copyOf(batch));
                batch.clear();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }
}
