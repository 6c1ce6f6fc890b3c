package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;
import dev.concordance.manifest.GenerationState.HiddenDocument;
import dev.concordance.manifest.RunReport.Quarantined;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Counts documents by what became of them, and keeps some of those in quarantine as a sample. For one thread. */
final class Tally {
    private static final int SAMPLE = 20;

    private final List<Quarantined> sample = new ArrayList<>();
    private final List<HiddenDocument> hiddenSample = new ArrayList<>();
    private long hidden;
    private long indexed;
    private long quarantined;
    private long skipped;
    private long chunks;
    private long tokens;
    private long pendingEmbeddings;

    void add(ManifestRecord record) {
        count(record, 1);
        sample(record);
    }

    /** Keeps a document in quarantine as part of the sample without counting it. */
    void sample(ManifestRecord record) {
        if (record.reason() != null && sample.size() < SAMPLE) {
            sample.add(new Quarantined(
                    record.source(), record.documentId(), record.reason(), String.valueOf(record.message())));
        }
        if (isHidden(record) && hiddenSample.size() < SAMPLE) {
            hiddenSample.add(new HiddenDocument(
                    record.source(),
                    record.documentId(),
                    String.valueOf(Objects.requireNonNull(record.access()).problem())));
        }
    }

    /** Takes a document out again that was counted. */
    void remove(ManifestRecord record) {
        count(record, -1);
    }

    void addAll(Tally other) {
        indexed += other.indexed;
        quarantined += other.quarantined;
        skipped += other.skipped;
        chunks += other.chunks;
        tokens += other.tokens;
        pendingEmbeddings += other.pendingEmbeddings;
        hidden += other.hidden;
        other.hiddenSample.stream().limit(SAMPLE - hiddenSample.size()).forEach(hiddenSample::add);
        other.sample.stream().limit(SAMPLE - sample.size()).forEach(sample::add);
    }

    long documents() {
        return indexed + quarantined + skipped;
    }

    long indexed() {
        return indexed;
    }

    long quarantined() {
        return quarantined;
    }

    long skipped() {
        return skipped;
    }

    /** Documents of which nobody said readably who may see them. */
    long hidden() {
        return hidden;
    }

    List<HiddenDocument> hiddenSample() {
        return List.copyOf(hiddenSample);
    }

    long chunks() {
        return chunks;
    }

    long tokens() {
        return tokens;
    }

    long pendingEmbeddings() {
        return pendingEmbeddings;
    }

    List<Quarantined> sample() {
        return List.copyOf(sample);
    }

    private static boolean isHidden(ManifestRecord record) {
        return record.chunks() > 0 && record.access() != null && record.access().problem() != null;
    }

    private void count(ManifestRecord record, int times) {
        switch (record.state()) {
            case Indexed -> indexed += times;
            case Quarantined -> quarantined += times;
            case Skipped, Erased -> skipped += times;
            case Missing -> {
                // It is no document of this generation.
            }
        }
        chunks += (long) times * record.chunks();
        tokens += times * record.tokens();
        pendingEmbeddings += (long) times * record.pendingEmbeddings();
        hidden += isHidden(record) ? times : 0;
    }
}
