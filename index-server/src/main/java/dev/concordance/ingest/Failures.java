package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.embedding.ModelException;
import dev.concordance.erasure.ErasureException;
import dev.concordance.index.IndexException;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunReport.Failure;
import dev.concordance.parse.remote.ParserException;
import dev.concordance.source.SourceException;
import dev.concordance.spool.SpoolException;
import java.util.Set;

/** What ended a run, as the user is told, and whether it is worth another try without the user. */
final class Failures {
    private static final Set<FailureReason> PASSING = Set.of(
            FailureReason.ElasticsearchUnreachable,
            FailureReason.ElasticsearchRejected,
            FailureReason.DiskWatermark,
            FailureReason.ModelUnavailable);

    private Failures() {}

    /** @param e what ended the run; its own words are told only if they are made for the user */
    static Failure of(Throwable e) {
        var message = String.valueOf(e.getMessage());
        return switch (e) {
            case SourceException source -> new Failure(source.reason(), message, source.isRetryable());
            case IndexException index -> new Failure(index.reason(), message, index.isRetryable());
            case ElasticsearchException elastic ->
                new Failure(elastic.reason(), message, PASSING.contains(elastic.reason()));
            case ErasureException erasure ->
                new Failure(erasure.reason(), message, erasure.reason() != FailureReason.TooManyDocuments);
            case RunException run -> new Failure(run.reason(), message, run.reason() != FailureReason.TooManyFailures);
            case SpoolException spool -> new Failure(FailureReason.WorkspaceUnusable, message, true);
            case ParserException parser -> new Failure(parser.reason(), message, parser.isRetryable());
            case ModelException model -> new Failure(model.reason(), message, PASSING.contains(model.reason()));
            default ->
                new Failure(
                        FailureReason.Internal,
                        "the run failed, which is a bug: %s at %s"
                                .formatted(
                                        e.getClass().getName(),
                                        e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]),
                        true);
        };
    }
}
