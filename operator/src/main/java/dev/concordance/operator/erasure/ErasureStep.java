package dev.concordance.operator.erasure;

/** What is done about an Erasure. Every step may run twice. */
sealed interface ErasureStep {
    /** Creates an IngestionRun that erases. */
    record StartRun(String name, int sequence) implements ErasureStep {}

    /** Deletes an IngestionRun, and what it has reported. */
    record ForgetRun(String name) implements ErasureStep {}
}
