package dev.concordance.server;

import java.util.function.IntConsumer;

/**
 * Ends a worker in which a thread has run out of memory and nobody waits for what it does. Where somebody does, the run fails and
 * says why; so the virtual machine doesn't end by itself, as that of a server.
 *
 * @param end takes the exit code and ends the process at once
 */
record UnheardErrors(IntConsumer end) implements Thread.UncaughtExceptionHandler {
    /** As of a virtual machine with the option {@code ExitOnOutOfMemoryError}. */
    static final int OUT_OF_MEMORY = 3;

    private static final System.Logger LOG = System.getLogger(UnheardErrors.class.getName());

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        if (e instanceof VirtualMachineError) {
            end.accept(OUT_OF_MEMORY);
        }
        // Where it was, and not what it said, which may quote a document.
        LOG.log(
                System.Logger.Level.ERROR,
                "a thread ended, which is a bug thread=%s class=%s at=%s"
                        .formatted(
                                thread.getName(),
                                e.getClass().getName(),
                                e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]));
    }
}
