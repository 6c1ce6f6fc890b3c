package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.PlannedChange;
import dev.concordance.impact.Impact;
import dev.concordance.impact.ManifestDifference;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells why what serves is not what is declared: a change waits, the corpus was gone back to what it was, or somebody moved the alias. */
record ReleaseConditions(CorpusObservation seen, CorpusPlan plan) {
    static final String PLAN_ADMITTED = "PlanAdmitted";
    static final String ROLLED_BACK = "RolledBack";

    /** Why nothing is built or put into service; empty: something is, or need not be. */
    Optional<Finding> held(StoredGeneration live) {
        var moved = seen.answered().flatMap(answer -> Generations.moved(answer.generations()));
        if (moved.isPresent() && rollbackTo().isEmpty()) {
            return Optional.of(aliasMoved(live.number(), moved.get().number()));
        }
        if (rollbackTo().isPresent()) {
            return isOnTheWay() ? Optional.empty() : Optional.of(impossible(Conditions.READY));
        }
        return plan.change()
                .filter(change -> !change.admits())
                .map(change -> waiting(Conditions.READY, change, "generation " + live.number() + " serves; "));
    }

    /** Whether the finding says that a person has to do something. */
    static boolean waits(Finding finding) {
        return Stream.of(
                        CorpusReason.ChangeWaitsForApproval,
                        CorpusReason.ChangeExceedsBudget,
                        CorpusReason.DiskTooSmall,
                        CorpusReason.AliasMoved,
                        CorpusReason.RollbackImpossible)
                .anyMatch(reason -> reason.name().equals(finding.reason()));
    }

    /** Whether the change that is declared may be done. */
    Finding planAdmitted() {
        if (plan.generations().isEmpty()) {
            return Finding.of(PLAN_ADMITTED, Truth.UNKNOWN, CorpusReason.Undecided);
        }
        if (plan.change().isEmpty()) {
            return Finding.of(PLAN_ADMITTED, Truth.TRUE, CorpusReason.NothingPlanned);
        }
        var change = plan.change().get();
        return change.admits()
                ? Finding.of(PLAN_ADMITTED, Truth.TRUE, CorpusReason.ChangeAdmitted, sentence())
                : waiting(PLAN_ADMITTED, change, "");
    }

    /** Whether the corpus was gone back to a generation that served before. */
    Finding rolledBack() {
        if (rollbackTo().isEmpty()) {
            return Finding.of(ROLLED_BACK, Truth.FALSE, CorpusReason.NotRolledBack);
        }
        var live = plan.generations().flatMap(Generations::live);
        if (live.isEmpty() || isOnTheWay()) {
            return Finding.of(ROLLED_BACK, Truth.UNKNOWN, CorpusReason.Undecided);
        }
        if (live.get().number() != rollbackTo().get()) {
            return impossible(ROLLED_BACK);
        }
        return Finding.of(
                ROLLED_BACK,
                Truth.TRUE,
                CorpusReason.RolledBack,
                live.get().number(),
                freshness(live.get()),
                forward(live.get()));
    }

    /** Whether the next step is to go back. */
    private boolean isOnTheWay() {
        return plan.generations()
                .flatMap(Generations::candidate)
                .filter(Generations::isUsable)
                .isPresent();
    }

    private Optional<Integer> rollbackTo() {
        return seen.declaration().valid().map(CorpusDeclaration::release).flatMap(DeclaredRelease::rollbackTo);
    }

    private Finding impossible(String type) {
        var number = rollbackTo().orElseThrow();
        var stored = plan.generations().stream()
                .flatMap(generations -> Stream.concat(generations.live().stream(), generations.former().stream()))
                .filter(Generations::isUsable)
                .map(generation -> String.valueOf(generation.number()))
                .collect(Collectors.joining(", "));
        return Finding.of(
                type, Truth.FALSE, CorpusReason.RollbackImpossible, number, stored.isEmpty() ? "none" : stored);
    }

    private Finding aliasMoved(int live, int before) {
        return Finding.of(
                Conditions.READY, Truth.FALSE, CorpusReason.AliasMoved, seen.alias(), before, live, live, before);
    }

    private static String freshness(StoredGeneration generation) {
        return generation
                .state()
                .map(GenerationState::freshAsOf)
                .map(moment -> "fresh as of " + CorpusConditions.seconds(moment))
                .orElse("of unknown freshness");
    }

    /** What becomes of it when nothing is gone back to any more. */
    private String forward(StoredGeneration live) {
        var desired = seen.desired();
        if (desired.isEmpty() || live.manifest().isEmpty()) {
            return "what is declared is not known at the moment";
        }
        var ahead = plan.generations().stream()
                .flatMap(generations -> generations.former().stream())
                .filter(former -> former.digest().equals(desired.map(GenerationManifest::digest)))
                .filter(Generations::isUsable)
                .findFirst();
        if (ahead.isPresent()) {
            return "generation %d, %s, serves again as soon as it is as fresh as this one"
                    .formatted(ahead.get().number(), freshness(ahead.get()));
        }
        var causes = ManifestDifference.between(live.manifest().get(), desired.get());
        var impact = ManifestDifference.impact(causes);
        return impact == Impact.NONE
                ? "nothing changes, since this one is as declared"
                : "another generation is built (%s, since %s is declared otherwise)"
                        .formatted(impact, causes.getFirst().field());
    }

    private Finding waiting(String type, ChangeAdmission change, String before) {
        var sentence = before + sentence();
        var first = change.waitsFor().getLast();
        return switch (first) {
            case Approval ->
                Finding.of(type, Truth.FALSE, CorpusReason.ChangeWaitsForApproval, sentence, change.digest());
            case Budget -> Finding.of(type, Truth.FALSE, CorpusReason.ChangeExceedsBudget, sentence, change.digest());
            case Disk ->
                Finding.of(
                        type,
                        Truth.FALSE,
                        CorpusReason.DiskTooSmall,
                        sentence,
                        ChangeStatus.size(
                                Objects.requireNonNull(change.roomBytes().orElse(0L))),
                        change.digest());
        };
    }

    private String sentence() {
        var told = new ChangeStatus(seen, plan.change(), plan.generations().orElseThrow()).plan();
        if (told == null || told.impact() == null || told.work() == null) {
            return "a change is declared";
        }
        var causes = Optional.ofNullable(told.causes()).stream()
                .flatMap(Collection::stream)
                .limit(3)
                .map(cause -> cause.field() + " (" + cause.before() + " -> " + cause.after() + ")")
                .collect(Collectors.joining(", "));
        return told.impact() + " for " + causes + ": " + work(told.work());
    }

    private static String work(PlannedChange.Work work) {
        return Stream.of(
                        part(work.documents(), "documents"),
                        part(work.chunks(), "chunks"),
                        part(work.vectorsReused(), "vectors reused"),
                        part(work.vectorsComputed(), "computed"),
                        part(work.tokens(), "tokens"),
                        part(work.money(), work.currency()),
                        part(work.duration(), "by what was measured"),
                        part(work.disk(), "of disk"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String part(@Nullable Object value, @Nullable String of) {
        return value == null ? "" : value + " " + of;
    }
}
