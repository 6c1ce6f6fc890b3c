package dev.concordance.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.ingest.StopSignal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A run in this process that follows its sources, until it is closed. */
public final class Follower implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final StopSignal stop = new StopSignal();
    private final CompletableFuture<Void> run;

    /** Starts it; what is given follows until it is told to stop. */
    public Follower(Consumer<StopSignal> following) {
        run = CompletableFuture.runAsync(() -> following.accept(stop), threads);
    }

    /** Waits until something is so. */
    public void until(BooleanSupplier condition) throws ExecutionException, InterruptedException {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (run.isDone()) {
                run.get();
                throw new AssertionError("it has ended");
            }
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** Tells it to end, and waits until it has. */
    public void end() throws ExecutionException, InterruptedException {
        stop.give();
        run.get();
    }

    @Override
    public void close() {
        stop.give();
        threads.close();
    }
}
