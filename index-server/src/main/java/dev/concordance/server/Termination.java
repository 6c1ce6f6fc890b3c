package dev.concordance.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets a worker end in order when it is told to (SIGTERM). The virtual machine exits as soon as its shutdown hooks are done,
 * whatever other threads do, so the hook waits for the work and ends with its exit code.
 */
final class Termination {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    private Termination() {}

    /** @param otherwise the exit code of a worker that doesn't end in time */
    static Termination by(Runnable stop, int otherwise) {
        var termination = new Termination();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("terminate").unstarted(() -> {
                    if (!termination.exitCode.isDone()) {
                        stop.run();
                        Runtime.getRuntime().halt(termination.await(otherwise));
                    }
                }));
        return termination;
    }

    /** Ends the virtual machine with the work's exit code. */
    void exit(int code) {
        exitCode.complete(code);
        System.exit(code);
    }

    private int await(int otherwise) {
        try {
            return exitCode.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return otherwise;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
    }
}
