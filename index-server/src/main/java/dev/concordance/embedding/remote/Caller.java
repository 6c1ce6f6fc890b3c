package dev.concordance.embedding.remote;

import dev.concordance.embedding.ModelException;
import dev.concordance.http.CircuitBreaker;
import dev.concordance.http.Pace;
import dev.concordance.http.Patience;
import dev.concordance.http.Time;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes calls to an endpoint. Ingestion is patient: what can't be answered now is asked again, later and later, for some
 * minutes. A search is not: it asks once, for as long as it may, and not at all while the endpoint is known to fail.
 */
final class Caller implements AutoCloseable {
    /** So often a server may fail on the same texts before one of them is suspected. */
    private static final int SUSPECTED_AFTER = 3;
    /** Special tokens around a text, at most. */
    private static final int AROUND = 8;

    private static final String PROBE = "probe";
    private static final String TOKENS_HEADER = "x-compute-tokens";

    private final RemoteModel model;
    private final Wire wire;
    private final Endpoint endpoint;
    private final Purse purse;
    private final Time time;
    private final CircuitBreaker breaker;
    private final Pace pace;
    private final Semaphore slots;

    Caller(RemoteModel model, Endpoint endpoint, Purse purse, Time time) {
        this.model = model;
        this.wire = new Wire(model);
        this.endpoint = endpoint;
        this.purse = purse;
        this.time = time;
        this.breaker = new CircuitBreaker(time);
        var limits = model.access().limits();
        this.pace = new Pace(limits.requestsPerMinute(), limits.tokensPerMinute(), time);
        this.slots = new Semaphore(limits.concurrentRequests());
    }

    /**
     * Texts of one request.
     *
     * @param tokens how many they have by the tokenizer
     */
    record Batch(List<String> texts, long tokens) {}

    /** Asks once; gives {@link Verdict.Answered} or {@link Verdict.Refused}, or throws {@link ModelException}. */
    Verdict once(Batch batch) {
        var limits = model.access().limits();
        var timeout = Duration.ofMillis(limits.queryTimeoutMillis());
        var begun = time.nanos();
        try {
            if (!slots.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw unavailable("has as many requests under way as it may");
            }
            try {
                if (!breaker.pause().isZero()) {
                    throw unavailable("has failed lately, and is not asked for some seconds");
                }
                var left = timeout.minusNanos(time.nanos() - begun);
                return settled(send(batch, left.isPositive() ? left : Duration.ofMillis(1)));
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Asks until there is an answer; gives {@link Verdict.Answered} or {@link Verdict.Refused}, or throws {@link ModelException}. */
    Verdict patiently(Batch batch) {
        try {
            slots.acquire();
            try {
                return untilAnswered(batch);
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }

    private Verdict untilAnswered(Batch batch) throws InterruptedException {
        var patience = new Patience(time);
        for (var attempt = 1; ; attempt++) {
            patience.add(breaker.await());
            time.pause(pace.next(batch.tokens()));
            var verdict = send(batch, Duration.ofMillis(model.access().limits().requestTimeoutMillis()));
            if (!(verdict instanceof Verdict.Later later)) {
                return settled(verdict);
            }
            if (later.suspicious() && attempt >= SUSPECTED_AFTER && answersProbe()) {
                return new Verdict.Refused(500);
            }
            var next = patience.next(later.after());
            if (next.isEmpty()) {
                throw unavailable("could not answer for %d s (%s)"
                        .formatted(patience.waited().toSeconds(), later.said()));
            }
            later.after().ifPresent(pace::rest);
            time.pause(next.get());
        }
    }

    private boolean answersProbe() throws InterruptedException {
        var verdict = send(
                new Batch(List.of(PROBE), PROBE.length()),
                Duration.ofMillis(model.access().limits().requestTimeoutMillis()));
        return verdict instanceof Verdict.Answered;
    }

    /** One request, paid for, and told to the breaker. */
    private Verdict send(Batch batch, Duration timeout) throws InterruptedException {
        var payment = purse.pay(atMost(batch));
        var tokens = batch.tokens();
        try {
            var reply = endpoint.post(
                    wire.request(batch.texts()),
                    timeout,
                    wire.mostBytes(batch.texts().size()));
            if (reply.status() / 100 != 2) {
                tokens = 0;
                return told(Verdict.of(reply.status(), reply.headers(), time.now()));
            }
            var header = reply.headers().firstValue(TOKENS_HEADER).orElse("");
            var answer = wire.read(
                    reply.body(), batch.texts().size(), header.matches("[0-9]{1,9}") ? Long.parseLong(header) : -1);
            tokens = answer.tokens() < 0 ? tokens : answer.tokens();
            return told(new Verdict.Answered(answer));
        } catch (IOException e) {
            // Whether it was billed nobody knows; what is counted is what it most likely was.
            return told(Verdict.of(e));
        } catch (ModelException e) {
            breaker.failed();
            throw e;
        } finally {
            payment.settle(tokens);
        }
    }

    private Verdict told(Verdict verdict) {
        switch (verdict) {
            case Verdict.Answered answered -> breaker.succeeded();
            case Verdict.Refused refused -> breaker.succeeded();
            case Verdict.Later later -> breaker.failed();
            case Verdict.Never never -> breaker.failed();
        }
        return verdict;
    }

    private Verdict settled(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Answered answered -> answered;
            case Verdict.Refused refused -> refused;
            case Verdict.Later later -> throw unavailable("could not answer (%s)".formatted(later.said()));
            case Verdict.Never never -> throw never.why();
        };
    }

    /** No tokenizer makes more tokens of a text than it has bytes. */
    private static long atMost(Batch batch) {
        return batch.texts().stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length + AROUND)
                .sum();
    }

    private ModelException unavailable(String what) {
        return new ModelException(
                FailureReason.ModelUnavailable,
                "the model's endpoint %s %s".formatted(model.access().url(), what));
    }

    private static ModelException interrupted() {
        Thread.currentThread().interrupt();
        return new ModelException(FailureReason.ModelUnavailable, "the worker is ending");
    }
}
