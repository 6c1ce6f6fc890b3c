package dev.concordance.evaluation;

/** An evaluation that can't be done; the message says why. */
final class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EvaluationException(String message) {
        super(message);
    }
}
