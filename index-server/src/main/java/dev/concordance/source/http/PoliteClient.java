package dev.concordance.source.http;

import dev.concordance.http.RetryAfter;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Asks hosts at their pace, one request at a time, and again if they are busy: three times, after the time that they ask for
 * (RFC 9110, 10.2.3), or a second, or two.
 */
public final class PoliteClient implements AutoCloseable {
    private static final int TRIES = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final Fetcher fetcher;
    private final Pace pace;
    private final Supplier<Instant> now;

    /** @param now by which a host's time to ask again is told */
    public PoliteClient(Fetcher fetcher, Pace pace, Supplier<Instant> now) {
        this.fetcher = fetcher;
        this.pace = pace;
        this.now = now;
    }

    /** The answer, or the last one of those that another try might have bettered; throws if there is none. */
    public Answer get(Wanted wanted) throws IOException {
        for (var tried = 1; ; tried++) {
            pace.await(wanted.address().authority());
            try {
                var answer = fetcher.get(wanted);
                if (!answer.isPassing() || tried == TRIES) {
                    return answer;
                }
                var pause = pause(answer, tried);
                if (pause.compareTo(LONGEST_PAUSE) > 0) {
                    return answer;
                }
                pace.pause(pause);
            } catch (IOException e) {
                if (!isPassing(e) || tried == TRIES) {
                    throw e;
                }
                pace.pause(FIRST_PAUSE.multipliedBy(tried));
            }
        }
    }

    /** The pace that it keeps. */
    public Pace pace() {
        return pace;
    }

    @Override
    public void close() {
        fetcher.close();
    }

    /** One that took its time would take as long again. */
    private static boolean isPassing(IOException e) {
        return !(e instanceof ForbiddenAddress || e instanceof SSLException || e instanceof SocketTimeoutException);
    }

    private Duration pause(Answer answer, int tried) {
        return answer.header("retry-after")
                .flatMap(value -> RetryAfter.of(value, now.get()))
                .orElseGet(() -> FIRST_PAUSE.multipliedBy(tried));
    }
}
