package dev.concordance.source.web;

import dev.concordance.manifest.FailureReason;
import dev.concordance.source.http.WebAddress;
import dev.concordance.source.web.Troubles.Trouble;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What has become of the pages that are indexed and redirect now. One that leads to a document goes on at that one's address, and one that
 * leads to a page that is gone has gone with it. One that leads anywhere else has gone only if the source's own hosts say that it moved
 * there for good: else all pages would go with a request to sign in, or with a notice of maintenance.
 */
final class Moves {
    private final Map<String, Move> moves = new HashMap<>();
    private final Set<String> indexed = new LinkedHashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<String> leftOut = new HashSet<>();

    /** @param shown where it leads to, without a query, which may hold what isn't for all eyes */
    private record Move(String to, String shown, boolean isPermanent) {
        /** The move by this one and then the next. */
        Move and(Move next) {
            return new Move(next.to(), next.shown(), isPermanent && next.isPermanent());
        }
    }

    /** Takes a redirect. */
    void add(WebAddress from, WebAddress to, boolean isPermanent) {
        moves.put(from.toString(), new Move(to.toString(), to.origin() + to.path(), isPermanent));
    }

    /** Takes a page that is indexed, and answers by a redirect. */
    void ofIndexed(WebAddress page) {
        indexed.add(page.toString());
    }

    /** Takes a page that doesn't exist, or is told of as too large. */
    void gone(WebAddress page) {
        gone.add(page.toString());
    }

    /** Takes a page of the source's hosts that isn't chosen, or may not be indexed. */
    void leftOut(WebAddress page) {
        leftOut.add(page.toString());
    }

    /** Tells those of which nobody can say that they are gone. */
    void settle(Predicate<String> isDocument, Troubles troubles) {
        for (var page : indexed) {
            var move = whole(page);
            if (moves.containsKey(move.to())) {
                troubles.add(WebFailures.circle(page));
            } else if (!isDocument.test(move.to())
                    && !gone.contains(move.to())
                    && !(move.isPermanent() && leftOut.contains(move.to()))) {
                troubles.add(new Trouble(
                        FailureReason.SourceInvalid,
                        "%s is indexed and redirects to %s, which is no page of the source: correct the site, declare the host in web.hosts, or exclude it"
                                .formatted(page, move.shown())));
            }
        }
    }

    /** To where it leads in the end; redirects in circles have none, and lead to a page that redirects. */
    private Move whole(String page) {
        var whole = new Move(page, page, true);
        var passed = new HashSet<String>();
        for (var next = moves.get(page); next != null && passed.add(whole.to()); next = moves.get(whole.to())) {
            whole = whole.and(next);
        }
        return whole;
    }
}
