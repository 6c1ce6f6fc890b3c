package dev.concordance.source.web;

import dev.concordance.parse.Hyperlinks;
import dev.concordance.source.Hash;
import dev.concordance.source.http.Answer;
import dev.concordance.source.http.MediaType;
import dev.concordance.source.http.WebAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page that was sent, with what it and its host say to robots.
 *
 * @param name what a file with it would be called
 * @param body in UTF-8 as far as its host says in what it is written
 * @param links chosen addresses that it invites to follow
 * @param hasTooManyLinks whether there would have been more
 * @param mayBeIndexed whether it may be a document
 * @param canonical the other page of the source that it says it is a form of; null: it doesn't
 */
record PageRead(
        String name,
        byte[] body,
        @Nullable String etag,
        @Nullable String lastModified,
        List<String> links,
        boolean hasTooManyLinks,
        boolean mayBeIndexed,
        @Nullable String canonical) {
    private static final int MOST_LINKS = 10_000;
    /** A name before a colon, but not that of a directive with a value. */
    private static final Pattern FOR_ONE_ROBOT =
            Pattern.compile("(?i)\\s*(?!unavailable_after|max-)([-_a-z0-9]+)\\s*:(.*)", Pattern.DOTALL);

    private static final Hyperlinks NONE = new Hyperlinks(null, List.of(), null, Set.of());

    PageRead {
        links = List.copyOf(links);
    }

    static PageRead of(WebAddress address, String name, MediaType type, Answer answer, Scope scope) {
        var body = type.inUtf8(answer.body());
        var said = type.isHtml() ? Hyperlinks.of(body, RobotsFiles.NAME) : NONE;
        var directives = directives(answer);
        directives.addAll(said.robots());
        var base = said.base() == null ? address : address.resolve(said.base()).orElse(address);
        var links = new TreeSet<String>();
        if (!forbids(directives, "nofollow")) {
            said.links()
                    .forEach(reference -> base.resolve(reference)
                            .flatMap(scope::onItsHosts)
                            .filter(scope::chooses)
                            .filter(link -> !link.equals(address))
                            .ifPresent(link -> links.add(link.toString())));
        }
        return new PageRead(
                name,
                body,
                answer.header("etag").orElse(null),
                answer.header("last-modified").orElse(null),
                links.stream().limit(MOST_LINKS).toList(),
                links.size() > MOST_LINKS,
                !forbids(directives, "noindex"),
                said.canonical() == null ? null : canonical(address, base, said.canonical(), scope));
    }

    /** @param listed when it was modified according to a sitemap; null: none says */
    PageKey key(@Nullable Instant listed) {
        return new PageKey(Hash.of(body), name, etag, lastModified, listed, canonical, links);
    }

    /**
     * When it was changed: as its host says of this very answer, else as a sitemap does.
     *
     * @param listed when it was modified according to a sitemap; null: none says
     */
    @Nullable
    Instant changedAt(@Nullable Instant listed) {
        try {
            return lastModified == null
                    ? listed
                    : ZonedDateTime.parse(lastModified, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException e) {
            return listed;
        }
    }

    private static @Nullable String canonical(WebAddress address, WebAddress base, String reference, Scope scope) {
        return base.resolve(reference)
                .flatMap(scope::onItsHosts)
                .filter(scope::chooses)
                .filter(other -> !other.equals(address))
                .map(WebAddress::toString)
                .orElse(null);
    }

    /** What a host says to robots. */
    static Set<String> directives(Answer answer) {
        var all = new HashSet<String>();
        for (var header : answer.all("x-robots-tag")) {
            var named = FOR_ONE_ROBOT.matcher(header);
            if (!named.matches()) {
                all.addAll(Hyperlinks.directives(header));
            } else if (named.group(1).equalsIgnoreCase(RobotsFiles.NAME)) {
                all.addAll(Hyperlinks.directives(named.group(2)));
            }
        }
        return all;
    }

    static boolean forbids(Set<String> directives, String what) {
        return directives.contains(what) || directives.contains("none");
    }
}
