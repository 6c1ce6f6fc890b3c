package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.index.Ledger;
import dev.concordance.index.RecordCodec;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Withheld;
import dev.concordance.spool.Spools;
import org.jspecify.annotations.Nullable;

/**
 * Keeps documents searchable that disappear in too great a number. What counts is what searches are answered from: a
 * generation that is being built never held what has disappeared before, so it is held against the live one.
 */
final class Guard {
    private final RunSpecification specification;
    private final ElasticsearchConnection elasticsearch;
    private final Ledger ledger;

    Guard(RunSpecification specification, ElasticsearchConnection elasticsearch, Ledger ledger) {
        this.specification = specification;
        this.elasticsearch = elasticsearch;
        this.ledger = ledger;
    }

    /** What becomes of what has disappeared; only the marks of the generation that is synced are still to be written. */
    Verdict judge(Difference difference, Survey survey, Spools spools) {
        var live = specification.deletionGuard().live();
        if (live == null) {
            return all(difference, spools, null);
        }
        if (live == specification.manifest().generation()) {
            return verdict(difference, spools);
        }
        var reader = new GenerationReader(elasticsearch, specification.names(), live);
        var lost = survey.compare(reader.records(spools));
        var verdict = verdict(lost, spools);
        if (mark(verdict, lost, new GenerationWriter(elasticsearch, specification.names(), live, ledger)) > 0) {
            reader.refresh();
        }
        return all(difference, spools, verdict.withheld());
    }

    /** Searches miss nothing that goes from a generation which they don't read. */
    private static Verdict all(Difference difference, Spools spools, @Nullable Withheld withheld) {
        return new Verdict(difference.gone(), spools.spool(new RecordCodec()).end(), withheld);
    }

    /** Writes down what is withheld, and what isn't any more because its source holds it again; gives how many records. */
    static long mark(Verdict verdict, Difference difference, GenerationWriter writer) {
        var token = verdict.withheld() == null ? null : verdict.withheld().token();
        writer.apply(verdict.marked(), record -> DocumentChange.of(record, record.withheldUnder(token)), change -> {});
        writer.apply(
                difference.returned(), record -> DocumentChange.of(record, record.withheldUnder(null)), change -> {});
        return verdict.marked().size() + difference.returned().size();
    }

    private Verdict verdict(Difference difference, Spools spools) {
        return Verdict.of(
                difference.gone(),
                difference.before().indexed(),
                specification.deletionGuard(),
                ledger.epoch(),
                spools);
    }
}
