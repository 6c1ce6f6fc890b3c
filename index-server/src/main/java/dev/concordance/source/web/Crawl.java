package dev.concordance.source.web;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Before;
import dev.concordance.source.Collected;
import dev.concordance.source.Entry;
import dev.concordance.source.Hash;
import dev.concordance.source.Indexed;
import dev.concordance.source.http.Answer;
import dev.concordance.source.http.MediaType;
import dev.concordance.source.http.PoliteClient;
import dev.concordance.source.http.Wanted;
import dev.concordance.source.http.WebAddress;
import dev.concordance.source.web.Frontier.Target;
import dev.concordance.source.web.Troubles.Trouble;
import dev.concordance.spool.ByteSpool;
import dev.concordance.spool.Sequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the pages of a source, in the order of how many links lead to them. A page that its host says is unchanged
 * isn't sent again: what it linked to is remembered in its change key.
 */
final class Crawl {
    private static final int LONGEST_ADDRESS = 1_024;
    private static final int SHOWN = 200;
    private static final int NOT_MODIFIED = 304;
    private static final Duration LONGEST = Duration.ofHours(6);

    private final SourceManifest.Web web;
    private final Scope scope;
    private final PoliteClient client;
    private final ByteSpool pages;
    private final Collected collected;
    private final Troubles troubles;
    private final long maxBytes;
    private final RobotsFiles robots;
    private final Frontier frontier;
    private final long end;
    private final Set<String> documents = new HashSet<>();
    private final Map<String, Form> forms = new LinkedHashMap<>();
    private final Moves moves = new Moves();
    private final List<WebAddress> deadEnds = new ArrayList<>();
    private int depth;

    /** A page that says that it is a form of another one. */
    private record Form(Entry.Page page, String canonical) {}

    Crawl(
            SourceManifest.Web web,
            Scope scope,
            PoliteClient client,
            ByteSpool pages,
            Collected collected,
            Troubles troubles,
            long maxBytes) {
        this.web = web;
        this.scope = scope;
        this.client = client;
        this.pages = pages;
        this.collected = collected;
        this.troubles = troubles;
        this.maxBytes = maxBytes;
        this.robots = new RobotsFiles(client, scope);
        this.frontier = new Frontier(web.maxPages());
        this.end = client.pace().nanos() + LONGEST.toNanos();
    }

    /** Walks, and collects what it finds. */
    void run(Before before) {
        for (var url : web.urls()) {
            WebAddress.parse(url).ifPresent(address -> add(new Target(address, true, null, 0), false));
        }
        new Sitemaps(client, scope, troubles, address -> isAllowed(address, true), this::isOver)
                .read(web.sitemaps(), (page, modified) -> add(new Target(page, false, modified, 0), false));
        var known = before.documents().get();
        while (!frontier.isEmpty() && !isOver()) {
            for (var level = frontier.take(); !level.isEmpty(); level = frontier.take()) {
                try (var cursor = known.open()) {
                    for (var target : level.values()) {
                        if (!isOver()) {
                            visit(
                                    target,
                                    cursor.seek(document -> document.id()
                                            .compareTo(target.address().toString())));
                        }
                    }
                }
            }
            frontier.advance();
            depth++;
        }
        doubtDeadEnds(known);
        moves.settle(page -> documents.contains(page) || forms.containsKey(page), troubles);
        settleForms();
    }

    private boolean isOver() {
        if (client.pace().nanos() > end) {
            troubles.add(new Trouble(
                    FailureReason.SourceUnreachable,
                    "the site was not read within %d hours: narrow the source, or shorten web.delay"
                            .formatted(LONGEST.toHours())));
            return true;
        }
        return troubles.isHopeless();
    }

    private void add(Target target, boolean isBehind) {
        var id = target.address().toString();
        if (id.length() > LONGEST_ADDRESS) {
            setAside(id);
            return;
        }
        if (!(isBehind ? frontier.addBehind(target) : frontier.addBeside(target))) {
            troubles.add(new Trouble(
                    FailureReason.SourceInvalid,
                    "more than the %d addresses of web.maxPages are in reach: raise it, or narrow the source by include and exclude"
                            .formatted(web.maxPages())));
        }
    }

    private void setAside(String id) {
        var place = id.substring(0, SHOWN) + "…" + Hash.of(id.getBytes(StandardCharsets.UTF_8));
        if (frontier.passBy(place)) {
            collected.refuse(
                    place,
                    "long",
                    QuarantineReason.BadId,
                    "its URL has more than %d characters, so it is not asked for: shorten or exclude it"
                            .formatted(LONGEST_ADDRESS));
        }
    }

    private void visit(Target target, @Nullable Indexed known) {
        if (!isAllowed(target.address(), target.isDeclared())) {
            return;
        }
        var remembered = known == null ? null : PageKey.parse(known.changeKey()).orElse(null);
        var key = remembered != null && (remembered.links() != null || depth == web.maxDepth()) ? remembered : null;
        if (key != null && key.isAsListed(target.listed())) {
            keep(target, known, key, Set.of());
            return;
        }
        var answer = ask(target, key);
        if (answer == null) {
            return;
        }
        switch (answer.status()) {
            case 200 -> read(target, known, remembered, answer);
            case 304 -> keep(target, known, key, PageRead.directives(answer));
            case 404, 410 -> miss(target, answer);
            default -> refuse(target, known, answer);
        }
    }

    private boolean isAllowed(WebAddress address, boolean isDeclared) {
        var rules = robots.of(address);
        if (rules.trouble() != null) {
            troubles.add(rules.trouble());
            return false;
        }
        var isAllowed = rules.rules().isAllowed(address.toString());
        if (!isAllowed && isDeclared) {
            troubles.add(new Trouble(
                    FailureReason.SourceInvalid,
                    "the robots.txt of %s disallows %s for %s: have it allowed, or take it out of web.urls and web.sitemaps"
                            .formatted(address.origin(), address, RobotsFiles.NAME)));
        }
        if (!isAllowed) {
            moves.leftOut(address);
        }
        return isAllowed;
    }

    private @Nullable Answer ask(Target target, @Nullable PageKey key) {
        var address = target.address();
        try {
            var answer =
                    client.get(key == null ? Wanted.all(address, maxBytes) : key.unlessUnchanged(address, maxBytes));
            if (!answer.isPassing()) {
                troubles.answered();
                return answer;
            }
            troubles.unanswered(WebFailures.refused(address, answer.status()));
        } catch (IOException e) {
            troubles.unanswered(WebFailures.unanswered(address, e));
        }
        return null;
    }

    private void miss(Target target, Answer answer) {
        moves.gone(target.address());
        if (target.isDeclared()) {
            troubles.add(WebFailures.refused(target.address(), answer.status()));
        }
    }

    /** A page that isn't given, of which only a document matters that it was. */
    private void refuse(Target target, @Nullable Indexed known, Answer answer) {
        var to = answer.isRedirect()
                ? target.address().resolve(answer.header("location").orElse(""))
                : Optional.<WebAddress>empty();
        if (to.isPresent()) {
            redirect(target, known != null, to.get(), answer.isPermanent());
        } else if (target.isDeclared() || known != null) {
            troubles.add(WebFailures.refused(target.address(), answer.status()));
        } else {
            collected.passOver();
        }
    }

    private void redirect(Target target, boolean isIndexed, WebAddress to, boolean isPermanent) {
        var next = scope.onItsHosts(to);
        moves.add(target.address(), next.orElse(to), isPermanent);
        if (next.isPresent() && frontier.follow(target, next.get())) {
            lead(target, next.get());
        } else if (target.isDeclared()) {
            troubles.add(
                    next.isEmpty()
                            ? WebFailures.astray(target.address(), to)
                            : WebFailures.circle(target.address().toString()));
            return;
        }
        if (isIndexed) {
            moves.ofIndexed(target.address());
        }
    }

    private void lead(Target target, WebAddress to) {
        if (target.isDeclared() || scope.chooses(to)) {
            add(new Target(to, target.isDeclared(), null, target.hops() + 1), false);
        } else {
            moves.leftOut(to);
        }
    }

    /** An unchanged page; a host that says so without having been asked is in error. */
    private void keep(Target target, @Nullable Indexed known, @Nullable PageKey key, Set<String> directives) {
        if (known == null || key == null) {
            troubles.add(WebFailures.refused(target.address(), NOT_MODIFIED));
            return;
        }
        if (key.links() != null && !PageRead.forbids(directives, "nofollow")) {
            follow(key.links());
        }
        if (PageRead.forbids(directives, "noindex")) {
            leaveOut(target);
            return;
        }
        list(new Entry.Page(known.id(), known.changeKey(), key.name(), -1, 0, null), key.canonical());
    }

    private void read(Target target, @Nullable Indexed known, @Nullable PageKey remembered, Answer answer) {
        var address = target.address();
        var type = MediaType.of(answer.header("content-type").orElse(""));
        var name = type.fileName(address);
        var isRead = name != null && !answer.isCut();
        if (!isRead && leadsNowhere(target, remembered, List.of())) {
            return;
        }
        if (name == null) {
            leaveOut(target);
        } else if (answer.isCut()) {
            moves.gone(address);
            collected.refuse(
                    address.toString(),
                    "cut-" + Hash.of(answer.body()),
                    QuarantineReason.TooLarge,
                    "it has more than the %d bytes of ingestion.maxDocumentSize: divide it, exclude it or raise the limit"
                            .formatted(maxBytes));
        } else {
            take(target, known, remembered, PageRead.of(address, name, type, answer, scope));
        }
    }

    private void take(Target target, @Nullable Indexed known, @Nullable PageKey remembered, PageRead page) {
        if (leadsNowhere(target, remembered, page.links())) {
            return;
        }
        if (page.hasTooManyLinks()) {
            troubles.add(new Trouble(
                    FailureReason.SourceInvalid,
                    "%s has more links than are followed: exclude it".formatted(target.address())));
        }
        follow(page.links());
        if (!page.mayBeIndexed() || !scope.chooses(target.address())) {
            leaveOut(target);
            return;
        }
        var key = page.key(target.listed()).toString();
        var isKnown = known != null && known.changeKey().equals(key);
        var start = isKnown ? -1 : pages.add(page.body());
        var entry = new Entry.Page(
                target.address().toString(),
                key,
                page.name(),
                start,
                page.body().length,
                page.changedAt(target.listed()));
        list(entry, page.canonical());
    }

    private void leaveOut(Target target) {
        moves.leftOut(target.address());
        collected.passOver();
    }

    /** A page to begin with that led on and doesn't any more is more likely to be broken than to be all that is left. */
    private boolean leadsNowhere(Target target, @Nullable PageKey remembered, List<String> links) {
        if (!target.isDeclared() || depth == web.maxDepth() || !links.isEmpty()) {
            return false;
        }
        if (remembered == null) {
            deadEnds.add(target.address());
            return false;
        }
        var ledOn = !List.of().equals(remembered.links());
        if (ledOn) {
            troubles.add(deadEnd(target.address()));
        }
        return ledOn;
    }

    /** Of what was no document nobody knows what it linked to; that documents were behind it is seen by what is missing. */
    private void doubtDeadEnds(Sequence<Indexed> known) {
        if (deadEnds.isEmpty()) {
            return;
        }
        try (var documentsBefore = known.open()) {
            while (documentsBefore.hasNext()) {
                if (!frontier.hasSeen(documentsBefore.next().id())) {
                    troubles.add(deadEnd(deadEnds.getFirst()));
                    return;
                }
            }
        }
    }

    private static Trouble deadEnd(WebAddress address) {
        return new Trouble(
                FailureReason.SourceEmpty,
                "%s links to nothing any more: look after the site, or write web.maxDepth: 0 if that is right"
                        .formatted(address));
    }

    private void follow(List<String> links) {
        if (depth < web.maxDepth()) {
            links.forEach(link -> WebAddress.parse(link).ifPresent(address -> add(Target.linked(address), true)));
        }
    }

    private void list(Entry.Page page, @Nullable String canonical) {
        if (canonical == null) {
            documents.add(page.id());
            collected.add(page, page.id());
        } else {
            forms.put(page.id(), new Form(page, canonical));
            WebAddress.parse(canonical).ifPresent(address -> add(Target.linked(address), false));
        }
    }

    /** A form of a page that is a document is none; what it says of itself is not believed where that page isn't one. */
    private void settleForms() {
        for (var form : forms.values()) {
            var passed = new HashSet<String>();
            var at = form;
            while (at != null && !documents.contains(at.canonical()) && passed.add(at.canonical())) {
                at = forms.get(at.canonical());
            }
            if (at != null && documents.contains(at.canonical())) {
                collected.passOver();
            } else {
                collected.add(form.page(), form.page().id());
            }
        }
    }
}
