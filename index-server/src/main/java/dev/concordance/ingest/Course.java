package dev.concordance.ingest;

import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.GenerationState.ChangeLatency;
import dev.concordance.manifest.GenerationState.Followed;
import dev.concordance.manifest.GenerationState.Gone;
import dev.concordance.manifest.GenerationState.Hidden;
import dev.concordance.manifest.GenerationState.HiddenDocument;
import dev.concordance.manifest.GenerationState.Late;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Quarantined;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Withheld;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a generation gets from one state in the ledger to the next, and what of the way has to be remembered where its sources are
 * followed: when answers were too old, and how many documents went lately. For one thread.
 */
final class Course {
    /**
     * What is deleted within so much time is deleted at once, as far as the guard is concerned: about what a Job finds where
     * nothing else is declared.
     */
    static final Duration AT_ONCE = Duration.ofMinutes(15);

    private final RunSpecification specification;
    private final List<Late> late;
    private final List<Gone> gone;
    private @Nullable GenerationState last;

    /** @param last the state that the ledger has */
    Course(RunSpecification specification, Optional<GenerationState> last) {
        this.specification = specification;
        this.last = last.orElse(null);
        var followed = last.map(GenerationState::followed).orElse(Followed.NOTHING);
        late = new ArrayList<>(followed.late());
        gone = new ArrayList<>(followed.gone());
    }

    /**
     * What was listed of the sources.
     *
     * @param freshAsOf the moment before
     * @param changed whether searches find something else since
     * @param tracedAt what the tracer says; null: there is none
     * @param applied whether all sources were read as they are declared now
     */
    record Listed(
            Instant freshAsOf,
            Map<String, String> positions,
            boolean changed,
            @Nullable Withheld withheld,
            @Nullable Instant tracedAt,
            boolean applied) {}

    /** The state that the ledger has. */
    Optional<GenerationState> last() {
        return Optional.ofNullable(last);
    }

    /** How many documents went a short time ago; none where each run is judged for itself. */
    long goneLately(Instant now) {
        return specification.following() == null
                ? 0
                : gone.stream()
                        .filter(went -> isLately(went, now))
                        .mapToLong(Gone::documents)
                        .sum();
    }

    /** So many documents have gone. */
    void gone(long documents, Instant now) {
        gone.removeIf(went -> !isLately(went, now));
        var minute = now.truncatedTo(ChronoUnit.MINUTES);
        if (documents > 0) {
            var before = gone.stream()
                    .filter(went -> went.minute().equals(minute))
                    .mapToLong(Gone::documents)
                    .sum();
            gone.removeIf(went -> went.minute().equals(minute));
            gone.add(new Gone(minute, before + documents));
        }
    }

    private static boolean isLately(Gone went, Instant now) {
        return went.minute().plus(AT_ONCE).isAfter(now);
    }

    /** The next state. */
    GenerationState state(
            Listed listed,
            Tally total,
            List<Quarantined> quarantineSample,
            List<HiddenDocument> hiddenSample,
            @Nullable ChangeLatency changeLatency,
            Instant searchableAt) {
        noteIfLate(listed.freshAsOf(), searchableAt);
        var next = new GenerationState(
                specification.manifest().generation(),
                specification.run(),
                listed.freshAsOf(),
                total.indexed(),
                total.chunks(),
                total.tokens(),
                total.quarantined(),
                total.pendingEmbeddings(),
                listed.applied() || last == null
                        ? GenerationState.digest(specification.sources())
                        : last.sourcesDigest(),
                listed.positions(),
                quarantineSample,
                listed.changed() ? searchableAt : changedBefore(),
                listed.withheld(),
                searchableAt,
                specification.manifest().documentLevel() ? new Hidden(total.hidden(), hiddenSample) : null,
                specification.following() == null ? null : new Followed(late, gone),
                changeLatency,
                listed.tracedAt(),
                last == null ? null : last.annRecall());
        last = next;
        return next;
    }

    private @Nullable Instant changedBefore() {
        return last == null ? null : last.changedAt();
    }

    /** A generation that is being built is searched by nobody. */
    private void noteIfLate(Instant freshAsOf, Instant searchableAt) {
        var following = specification.following();
        if (last == null || following == null || specification.mode() == RunMode.Build) {
            return;
        }
        var deadline = last.freshAsOf().plusMillis(following.maxStalenessMillis());
        if (!freshAsOf.isAfter(last.freshAsOf()) || !deadline.isBefore(searchableAt)) {
            return;
        }
        var from = late.isEmpty() || late.getLast().until().isBefore(deadline)
                ? deadline
                : late.getLast().until();
        late.add(new Late(from, searchableAt));
        if (late.size() > Followed.MOST) {
            late.removeFirst();
        }
    }
}
