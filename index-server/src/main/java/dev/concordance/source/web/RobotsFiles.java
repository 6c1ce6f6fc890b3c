package dev.concordance.source.web;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import dev.concordance.source.http.Answer;
import dev.concordance.source.http.PoliteClient;
import dev.concordance.source.http.Wanted;
import dev.concordance.source.http.WebAddress;
import dev.concordance.source.web.Troubles.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the hosts of a source allow (RFC 9309). A robots.txt that isn't there allows everything; one that its host can't give
 * now allows nothing, so nothing of the host is read.
 */
final class RobotsFiles {
    /** The name that sites know us by. */
    static final String NAME = "concordance";

    /** As much as RFC 9309, 2.5 asks for. */
    private static final int MOST_BYTES = 500 * 1024;

    private static final int MOST_REDIRECTS = 5;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

    private final PoliteClient client;
    private final Scope scope;
    private final Map<String, Found> found = new HashMap<>();

    /** @param trouble why nothing of the host may be read; null: the rules tell */
    record Found(BaseRobotRules rules, @Nullable Trouble trouble) {}

    RobotsFiles(PoliteClient client, Scope scope) {
        this.client = client;
        this.scope = scope;
    }

    /** What holds for an address. */
    Found of(WebAddress address) {
        var known = found.get(address.origin());
        if (known == null) {
            known = ask(address);
            found.put(address.origin(), known);
            var delay = known.rules().getCrawlDelay();
            if (delay > 0) {
                client.pace().slow(address.authority(), Duration.ofMillis(Math.min(delay, LONGEST_DELAY.toMillis())));
            }
        }
        return known;
    }

    private Found ask(WebAddress address) {
        var file = address.resolve("/robots.txt").orElseThrow();
        try {
            var at = file;
            for (var hop = 0; hop <= MOST_REDIRECTS; hop++) {
                var answer = client.get(Wanted.all(at, MOST_BYTES));
                var next = answer.isRedirect()
                        ? at.resolve(answer.header("location").orElse(""))
                        : Optional.<WebAddress>empty();
                if (next.isEmpty()) {
                    return meant(file, answer);
                }
                var there = next.flatMap(scope::onItsHosts);
                if (there.isEmpty()) {
                    return new Found(
                            new SimpleRobotRules(RobotRulesMode.ALLOW_NONE), WebFailures.elsewhere(file, next.get()));
                }
                at = there.get();
            }
            return allowing();
        } catch (IOException e) {
            return new Found(new SimpleRobotRules(RobotRulesMode.ALLOW_NONE), WebFailures.unanswered(file, e));
        }
    }

    private static Found meant(WebAddress file, Answer answer) {
        if (answer.status() == 200) {
            var parser = new SimpleRobotRulesParser(Long.MAX_VALUE, 0);
            return new Found(
                    parser.parseContent(file.toString(), wholeLines(answer), "text/plain", List.of(NAME)), null);
        }
        if (answer.isPassing()) {
            return new Found(
                    new SimpleRobotRules(RobotRulesMode.ALLOW_NONE), WebFailures.refused(file, answer.status()));
        }
        return allowing();
    }

    /** Half a line could forbid more than it says. */
    private static byte[] wholeLines(Answer answer) {
        var end = answer.body().length;
        while (answer.isCut() && end > 0 && answer.body()[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(answer.body(), end);
    }

    private static Found allowing() {
        return new Found(new SimpleRobotRules(RobotRulesMode.ALLOW_ALL), null);
    }
}
