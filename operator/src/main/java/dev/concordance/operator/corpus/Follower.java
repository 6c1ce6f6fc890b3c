package dev.concordance.operator.corpus;

import dev.concordance.manifest.Fingerprint;
import dev.concordance.operator.elastic.StoredGeneration;
import java.time.Duration;
import java.util.List;

/**
 * The run that follows a corpus's sources. What it was given can't be changed, so where that is not what it would be given now,
 * it is stopped and another one started.
 */
final class Follower {
    /** How often is looked how fresh its answers are. */
    static final Duration LOOK = Duration.ofMillis(750);

    private final CorpusObservation seen;
    private final CorpusDeclaration declared;
    private final StoredGeneration live;
    private final Object share;

    /** @param share of what model, parser and sources may be asked for */
    Follower(CorpusObservation seen, CorpusDeclaration declared, StoredGeneration live, Object share) {
        this.seen = seen;
        this.declared = declared;
        this.live = live;
        this.share = share;
    }

    /** All of them that can be stopped. */
    static List<SeenRun> all(CorpusObservation seen) {
        return seen.runs().stream()
                .filter(run -> run.follows() && run.ours() && run.isUnfinished() && !run.going())
                .toList();
    }

    /** Those that do what nobody wants any more. */
    List<SeenRun> outdated() {
        var inputs = inputs();
        var mayRun = !declared.timing().suspended()
                && !declared.timing().open(seen.now(), seen.spread()).isAfter(seen.now());
        return all(seen).stream()
                .filter(run -> !mayRun
                        || !run.fills(live.number())
                        || !run.inputs().filter(inputs::equals).isPresent())
                .toList();
    }

    /** Digest of all that it is given. A run that ends learns of the rest by the next one; this one would never. */
    String inputs() {
        return new Fingerprint("follower/1")
                .with("inputs", seen.inputs())
                .with("approved", seen.approved().orElse(""))
                .with("guard", declared.deletionGuard())
                .with("maxStaleness", declared.maxStaleness().toMillis())
                .with("readWithin", declared.readWithin().toMillis())
                .with("window", declared.timing().level().window().toMillis())
                .with("traced", declared.traced())
                .with("share", share)
                .with("resources", String.valueOf(declared.resources().orElse(null)))
                .digest();
    }
}
