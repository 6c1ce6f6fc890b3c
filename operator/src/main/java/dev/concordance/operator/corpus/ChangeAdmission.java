package dev.concordance.operator.corpus;

import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.operator.elastic.Measurements;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.plan.ChangePlan;
import dev.concordance.operator.plan.Estimator;
import dev.concordance.operator.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a change of what serves may be done.
 *
 * @param digest of its plan
 * @param plan empty: its work has begun, and its plan was told before
 * @param roomBytes on the cluster's disks; empty: not known
 * @param waitsFor what has to be seen to before; nothing, where the plan was approved
 */
record ChangeAdmission(String digest, Optional<ChangePlan> plan, Optional<Long> roomBytes, List<Hold> waitsFor) {
    ChangeAdmission {
        waitsFor = List.copyOf(waitsFor);
    }

    /** What a change waits for; a person's approval of its plan ends each. */
    enum Hold {
        Approval,
        Budget,
        Disk
    }

    /**
     * Empty where there is no change: what serves is what is declared, nothing serves yet, or what serves is damaged, so that it is
     * replaced whatever it takes.
     */
    static Optional<ChangeAdmission> of(
            CorpusObservation seen, CorpusDeclaration declared, GenerationManifest desired, Generations generations) {
        var live = generations.live().filter(StoredGeneration::intact);
        var manifest = live.flatMap(StoredGeneration::manifest);
        var state = live.flatMap(StoredGeneration::state);
        if (state.isEmpty() || manifest.isEmpty() || manifest.get().digest().equals(desired.digest())) {
            return Optional.empty();
        }
        var digest = ChangePlan.digest(manifest.get().digest(), desired.digest());
        var measured = seen.answered().flatMap(CorpusObservation.Backend.Answered::measured);
        var plan = measured.map(known -> plan(generations, manifest.get(), state.get(), desired, known));
        var room = measured.flatMap(Measurements::roomBytes);
        var isApproved = seen.approvedPlan().filter(digest::equals).isPresent();
        return Optional.of(new ChangeAdmission(
                digest,
                plan,
                room,
                isApproved
                        ? List.of()
                        : holds(
                                declared.release(),
                                plan.map(ChangePlan::work)
                                        .filter(work -> generations.candidate().isEmpty()),
                                room)));
    }

    boolean admits() {
        return waitsFor.isEmpty();
    }

    private static ChangePlan plan(
            Generations generations,
            GenerationManifest live,
            GenerationState state,
            GenerationManifest desired,
            Measurements measured) {
        var kept = Stream.concat(generations.former().stream(), generations.abandoned().stream())
                .filter(StoredGeneration::intact)
                .filter(generation -> generation.state().isPresent())
                .flatMap(generation -> generation.manifest().stream())
                .toList();
        var replicas = generations.live().map(StoredGeneration::replicas).orElse(0);
        return Estimator.plan(new Estimator.Serving(live, state, replicas), desired, kept, measured);
    }

    /** What has begun was within the bounds, or was approved; nothing but the approval is asked for again. */
    private static List<Hold> holds(DeclaredRelease release, Optional<Workload> work, Optional<Long> room) {
        var holds = new ArrayList<Hold>();
        if (release.manual()) {
            holds.add(Hold.Approval);
        }
        if (work.filter(planned -> exceeds(release, planned)).isPresent()) {
            holds.add(Hold.Budget);
        }
        if (room.isPresent()
                && work.flatMap(Workload::diskBytes)
                        .filter(bytes -> bytes > Objects.requireNonNull(room.get()))
                        .isPresent()) {
            holds.add(Hold.Disk);
        }
        return holds;
    }

    private static boolean exceeds(DeclaredRelease release, Workload work) {
        return release.tokens().filter(most -> work.tokens() > most).isPresent()
                || release.money()
                        .filter(most -> work.cost()
                                .filter(cost -> cost.money().compareTo(most) > 0)
                                .isPresent())
                        .isPresent();
    }
}
