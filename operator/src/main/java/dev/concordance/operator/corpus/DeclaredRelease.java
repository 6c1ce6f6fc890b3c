package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusBudget;
import dev.concordance.api.v1alpha1.CorpusRelease;
import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.api.v1alpha1.IndexSpec;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * When another generation is built, and what becomes of those before.
 *
 * @param manual whether a person approves each plan
 * @param money that a plan may cost without anybody's approval; empty: no bound
 * @param tokens likewise
 * @param soak how long the generation that served before is kept fresh
 * @param retained how many that have served before are kept after that
 * @param rollbackTo the generation that is to serve; empty: the declared one
 */
public record DeclaredRelease(
        boolean manual,
        Optional<BigDecimal> money,
        Optional<Long> tokens,
        Duration soak,
        int retained,
        Optional<Integer> rollbackTo) {
    private static final String SOAK = "1h";
    private static final String NONE = "0s";
    private static final int RETAINED = 1;

    /** Throws {@link InvalidSpec}. */
    static DeclaredRelease parse(CorpusSpec spec) {
        var release = Defaults.or(spec.release(), new CorpusRelease(null, null));
        var index = Defaults.or(spec.index(), new IndexSpec(null, null, null, null, null, null));
        var budget = Optional.ofNullable(spec.budget()).map(CorpusBudget::perPlan);
        return new DeclaredRelease(
                isManual(Defaults.or(release.approval(), "Automatic")),
                budget.map(CorpusBudget.PerPlan::money).map(DeclaredRelease::money),
                budget.map(CorpusBudget.PerPlan::tokens),
                NONE.equals(release.soak())
                        ? Duration.ZERO
                        : Defaults.duration(release.soak(), SOAK, "spec.release.soak"),
                Defaults.or(index.retainedGenerations(), RETAINED),
                Optional.ofNullable(index.rollbackTo()));
    }

    private static boolean isManual(String approval) {
        return switch (approval) {
            case "Automatic" -> false;
            case "Manual" -> true;
            default ->
                throw new InvalidSpec(
                        "spec.release.approval: \"" + approval + "\" is not known; write Automatic or Manual");
        };
    }

    private static BigDecimal money(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException notANumber) {
            throw new InvalidSpec("spec.budget.perPlan.money: \"" + text
                    + "\" is not an amount; write one in decimal notation, such as \"20.00\"");
        }
    }
}
