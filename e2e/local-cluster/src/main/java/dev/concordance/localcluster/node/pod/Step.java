package dev.concordance.localcluster.node.pod;

/** What is done about a pod next. Each may be done twice. */
sealed interface Step {
    /** Starts a container for the time that {@code number} counts. */
    record Start(String container, int number) implements Step {}

    /** Ends a container in order, and by force after the grace. */
    record End(String container, long graceSeconds) implements Step {}

    /** Lets go of a pod that has ended and is to be deleted. */
    record Delete() implements Step {}
}
