package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.IngestionRunSpec;
import dev.concordance.api.v1alpha1.PlannedChange;
import dev.concordance.impact.Cause;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.plan.ChangePlan;
import dev.concordance.operator.plan.Workload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells of a change: what is planned, and what became of it. A plan stays as it was when its work began. */
record ChangeStatus(CorpusObservation seen, Optional<ChangeAdmission> change, Generations generations) {
    private static final int MOST_CAUSES = 20;
    private static final int CENTS = 4;
    private static final int MANY_SECONDS = 120;
    private static final int MANY_MINUTES = 180;
    private static final long MEBI = 1L << 20;

    /** The change that is declared; null: there is none. */
    @Nullable
    PlannedChange plan() {
        return change.map(this::plan).orElse(null);
    }

    /** What is expected of the run that does it; null: that was never planned. */
    IngestionRunSpec.@Nullable Planned planned() {
        var plan = plan();
        var work = plan == null ? null : plan.work();
        return work == null
                ? null
                : new IngestionRunSpec.Planned(
                        work.documents(), work.chunks(), work.vectorsComputed(), work.tokens(), work.duration());
    }

    /** The last one that was done. */
    PlannedChange.@Nullable Done done() {
        var before = seen.previous().map(CorpusStatus::plan);
        var live = generations.live().filter(serving -> change.isEmpty() && generations.settled());
        var state = live.flatMap(StoredGeneration::state);
        var manifest = live.flatMap(StoredGeneration::manifest);
        var isDone = before.map(PlannedChange::digest).isPresent()
                && manifest.isPresent()
                && state.isPresent()
                && before.map(PlannedChange::digest).equals(digest(manifest.get()));
        return isDone
                ? new PlannedChange.Done(
                        before.get().digest(),
                        before.get().impact(),
                        live.get().number(),
                        before.get().work(),
                        actual(live.get().number(), manifest.get(), state.get()))
                : seen.previous()
                        .map(CorpusStatus::lastChange)
                        .map(last -> completed(last, live))
                        .orElse(null);
    }

    /** A generation may serve before the run that has built it has told of its end. */
    private PlannedChange.Done completed(PlannedChange.Done last, Optional<StoredGeneration> live) {
        var isKnown = last.actual() == null || last.actual().duration() != null;
        var built = live.filter(
                        serving -> !isKnown && Integer.valueOf(serving.number()).equals(last.generation()))
                .filter(serving -> !builds(serving.number()).isEmpty());
        var manifest = built.flatMap(StoredGeneration::manifest);
        var state = built.flatMap(StoredGeneration::state);
        return manifest.isPresent() && state.isPresent()
                ? new PlannedChange.Done(
                        last.digest(),
                        last.impact(),
                        last.generation(),
                        last.planned(),
                        actual(built.get().number(), manifest.get(), state.get()))
                : last;
    }

    private List<SeenRun> builds(int generation) {
        return seen.runs().stream()
                .filter(run -> run.fills(generation)
                        && run.mode().filter(mode -> mode == RunMode.Build).isPresent())
                .toList();
    }

    private Optional<String> digest(GenerationManifest now) {
        return seen.previous()
                .map(CorpusStatus::serving)
                .map(CorpusStatus.Serving::digest)
                .map(served -> ChangePlan.digest(served, now.digest()));
    }

    private PlannedChange plan(ChangeAdmission admission) {
        var waitsFor = admission.waitsFor().isEmpty()
                ? null
                : admission.waitsFor().stream().map(Enum::name).toList();
        var told = seen.previous()
                .map(CorpusStatus::plan)
                .filter(before -> admission.digest().equals(before.digest()));
        return admission
                .plan()
                .map(plan -> new PlannedChange(
                        plan.digest(), plan.impact().name(), causes(plan), work(plan.work()), waitsFor))
                .or(() -> told.map(before ->
                        new PlannedChange(before.digest(), before.impact(), before.causes(), before.work(), waitsFor)))
                .orElseGet(() -> new PlannedChange(admission.digest(), null, null, null, waitsFor));
    }

    private static List<PlannedChange.Cause> causes(ChangePlan plan) {
        return plan.causes().stream()
                .limit(MOST_CAUSES)
                .map(ChangeStatus::cause)
                .toList();
    }

    private static PlannedChange.Cause cause(Cause cause) {
        return new PlannedChange.Cause(
                cause.field(), cause.before(), cause.after(), cause.impact().name());
    }

    /** Where some vectors were there already, the tokens of the others are taken to be as many as those. */
    private PlannedChange.Work actual(int generation, GenerationManifest manifest, GenerationState state) {
        var builds = builds(generation);
        var counts = builds.stream().flatMap(run -> run.counts().stream()).toList();
        var computed = counts.stream().mapToLong(SeenRun.RunCounts::embedded).sum();
        var tokens = state.chunks() == 0 ? 0 : state.tokens() * Math.min(computed, state.chunks()) / state.chunks();
        var took = builds.stream().flatMap(run -> run.duration().stream()).reduce(Duration::plus);
        return work(new Workload(
                state.documents(),
                state.chunks(),
                counts.stream().mapToLong(SeenRun.RunCounts::reused).sum(),
                computed,
                tokens,
                cost(manifest, tokens),
                took,
                Optional.empty()));
    }

    private static Optional<Workload.Cost> cost(GenerationManifest manifest, long tokens) {
        return manifest.model() instanceof RemoteModel remote && remote.access().price() != null
                ? Optional.of(new Workload.Cost(
                        remote.access().price().of(tokens),
                        remote.access().price().currency()))
                : Optional.empty();
    }

    static PlannedChange.Work work(Workload work) {
        return new PlannedChange.Work(
                work.documents(),
                work.chunks(),
                work.reused(),
                work.computed(),
                work.tokens(),
                work.cost().map(cost -> money(cost.money())).orElse(null),
                work.cost().map(Workload.Cost::currency).orElse(null),
                work.duration().map(ChangeStatus::text).orElse(null),
                work.diskBytes().map(ChangeStatus::size).orElse(null));
    }

    static String money(BigDecimal money) {
        var rounded = money.setScale(CENTS, RoundingMode.UP).stripTrailingZeros();
        return rounded.setScale(Math.max(2, rounded.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }

    /** Rounded up. */
    static String size(long bytes) {
        return (bytes + MEBI - 1) / MEBI + "Mi";
    }

    /** Rounded up. */
    static String text(Duration duration) {
        var seconds = duration.plusMillis(999).toSeconds();
        if (seconds < MANY_SECONDS) {
            return seconds + "s";
        }
        var minutes = duration.plusSeconds(59).toMinutes();
        return minutes < MANY_MINUTES ? minutes + "m" : duration.plusMinutes(59).toHours() + "h";
    }
}
