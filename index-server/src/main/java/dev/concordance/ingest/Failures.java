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

/** What ended a run, as the user is told, and whether it is worth another try without the user. */
final class Failures {
    private Failures() {}

    /** @param e what ended the run; its own words are told only if they are made for the user */
    static Failure of(Throwable e) {
        var message = String.valueOf(e.getMessage());
        return switch (e) {
            case SourceException source -> failure(source.reason(), message);
            case IndexException index -> failure(index.reason(), message);
            case ElasticsearchException elastic -> failure(elastic.reason(), message);
            case ErasureException erasure -> failure(erasure.reason(), message);
            case RunException run -> failure(run.reason(), message);
            case SpoolException spool -> failure(FailureReason.WorkspaceUnusable, message);
            case ParserException parser -> failure(parser.reason(), message);
            case ModelException model -> failure(model.reason(), message);
            case OutOfMemoryError memory ->
                failure(
                        FailureReason.Internal,
                        "the worker ran out of memory at %s: raise the limit in ingestion.resources, or lower ingestion.maxDocumentSize"
                                .formatted(place(memory)));
            default ->
                failure(
                        FailureReason.Internal,
                        "the run failed, which is a bug: %s at %s"
                                .formatted(e.getClass().getName(), place(e)));
        };
    }

    private static String place(Throwable e) {
        return e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0].toString();
    }

    private static Failure failure(FailureReason reason, String message) {
        return new Failure(reason, message, reason.isPassing());
    }
}
