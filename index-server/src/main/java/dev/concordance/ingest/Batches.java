package dev.concordance.ingest;

import dev.concordance.ingest.Difference.Work;
import dev.concordance.source.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Divides work so that what is in memory at the same time stays small. */
final class Batches {
    private static final int MOST_DOCUMENTS = 32;
    private static final long MOST_BYTES = 1 << 20;

    private Batches() {}

    static List<List<Work>> of(List<Work> work) {
        var batches = new ArrayList<List<Work>>();
        var batch = new ArrayList<Work>();
        var bytes = 0L;
        for (var one : work) {
            batch.add(one);
            bytes += bytes(one.entry());
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

    private static long bytes(Entry entry) {
        try {
            return switch (entry) {
                case Entry.File file -> file.content().size();
                case Entry.Line line -> line.content().size();
                case Entry.Unreadable unreadable -> 0;
            };
        } catch (IOException e) {
            // Whoever reads it will find out and tell.
            return 0;
        }
    }
}
