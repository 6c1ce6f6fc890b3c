package dev.concordance.ingest;

import dev.concordance.index.TracerWriter;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has the tracer say what the ledger is about to say. One that doesn't say what the ledger said last was touched by somebody else:
 * the index was restored, or changed by hand. It is then left as it is, so that whoever looks for it learns of that, until a
 * verification has compared everything. For one thread.
 */
final class Tracing {
    private static final System.Logger LOG = System.getLogger(Tracing.class.getName());
    /** Of sources that are followed it tells no more often. */
    private static final Duration SELDOM = Duration.ofMinutes(1);

    private final RunSpecification specification;
    private final TracerWriter tracer;
    private @Nullable Instant told;
    private Instant next = Instant.MIN;
    private boolean wasTouched;
    private boolean isCleared;

    /** @param before the state that the ledger has */
    Tracing(RunSpecification specification, TracerWriter tracer, Optional<GenerationState> before) {
        this.specification = specification;
        this.tracer = tracer;
        this.told = before.map(GenerationState::tracedAt).orElse(null);
    }

    /**
     * Writes the tracer, unless that was done a short time ago.
     *
     * @param freshAsOf the moment before the listing of which everything is searchable
     * @return what the ledger is to say of it; null: there is none
     */
    @Nullable
    Instant trace(Instant freshAsOf, Instant now) {
        if (!specification.traced()) {
            return null;
        }
        if (now.isBefore(next)) {
            return told;
        }
        if (isTrusted()) {
            tracer.write(specification.manifest().model().dimensions(), freshAsOf);
        }
        told = freshAsOf;
        next = now.plus(SELDOM);
        return told;
    }

    /** Takes the tracer away where there is to be none, after the ledger has said so. */
    void clear() {
        if (!specification.traced() && !isCleared) {
            if (tracer.find().isPresent()) {
                tracer.remove();
            }
            isCleared = true;
        }
    }

    private boolean isTrusted() {
        var last = told;
        if (last == null || specification.mode() == RunMode.Verify) {
            return true;
        }
        var found = tracer.find();
        var isIntact = found.filter(said -> !said.isBefore(last)).isPresent();
        if (!isIntact && !wasTouched) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the tracer is not as it was written, so somebody has restored or changed the index: run Verify"
                            + " generation={0,number,#} told={1} found={2}",
                    specification.manifest().generation(),
                    last,
                    found.map(Instant::toString).orElse("nothing"));
        }
        wasTouched = !isIntact;
        return isIntact;
    }
}
