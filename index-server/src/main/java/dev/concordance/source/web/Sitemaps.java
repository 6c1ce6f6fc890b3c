package dev.concordance.source.web;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.source.http.PoliteClient;
import dev.concordance.source.http.Wanted;
import dev.concordance.source.http.WebAddress;
import dev.concordance.source.web.Troubles.Trouble;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The pages that declared sitemaps list, also those of indexes of sitemaps. One that can't be read is trouble. */
final class Sitemaps {
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_SITEMAPS = 1_000;

    private final PoliteClient client;
    private final Scope scope;
    private final Troubles troubles;
    private final Predicate<WebAddress> mayAsk;
    private final BooleanSupplier isOver;
    private int read;
    private int chosen;

    /** Takes a page. */
    @FunctionalInterface
    interface Pages {
        void add(WebAddress page, @Nullable Instant lastModified);
    }

    /** @param mayAsk tells, as trouble too, whether an address may be asked for */
    Sitemaps(
            PoliteClient client, Scope scope, Troubles troubles, Predicate<WebAddress> mayAsk, BooleanSupplier isOver) {
        this.client = client;
        this.scope = scope;
        this.troubles = troubles;
        this.mayAsk = mayAsk;
        this.isOver = isOver;
    }

    /** Gives the pages on the source's hosts that it chooses. */
    void read(List<String> declared, Pages pages) {
        for (var url : declared) {
            chosen = 0;
            var address = WebAddress.parse(url);
            var isRead = address.isPresent() && read(address.get(), true, pages);
            if (isRead && chosen == 0) {
                troubles.add(new Trouble(
                        FailureReason.SourceEmpty,
                        "the sitemap %s lists no page that the source chooses: correct web.hosts, include or exclude"
                                .formatted(url)));
            }
        }
    }

    private boolean read(WebAddress address, boolean mayBeIndex, Pages pages) {
        var sitemap = fetch(address);
        if (sitemap.isEmpty()) {
            return false;
        }
        if (!sitemap.get().isIndex()) {
            sitemap.get().places().forEach(place -> take(place, pages));
            return true;
        }
        if (!mayBeIndex) {
            troubles.add(broken(address, "it is an index in an index, which no index may list"));
            return false;
        }
        var isRead = true;
        for (var place : sitemap.get().places()) {
            if (isOver.getAsBoolean()) {
                return false;
            }
            isRead &= readPart(address, place, pages);
        }
        return isRead;
    }

    private boolean readPart(WebAddress index, Sitemap.Place place, Pages pages) {
        var part = WebAddress.parse(place.location()).flatMap(scope::onItsHosts);
        if (part.isEmpty()) {
            troubles.add(
                    broken(index, "it lists a sitemap on a host that isn't the source's: declare it in web.hosts"));
            return false;
        }
        return read(part.get(), false, pages);
    }

    private void take(Sitemap.Place place, Pages pages) {
        WebAddress.parse(place.location())
                .flatMap(scope::onItsHosts)
                .filter(scope::chooses)
                .ifPresent(page -> {
                    chosen++;
                    pages.add(page, place.lastModified());
                });
    }

    private Optional<Sitemap> fetch(WebAddress sitemap) {
        if (++read > MOST_SITEMAPS) {
            troubles.add(broken(sitemap, "there are more than %d".formatted(MOST_SITEMAPS)));
            return Optional.empty();
        }
        if (!mayAsk.test(sitemap)) {
            return Optional.empty();
        }
        try {
            var at = sitemap;
            for (var hop = 0; hop <= MOST_REDIRECTS; hop++) {
                var answer = client.get(Wanted.all(at, Sitemap.MOST_BYTES));
                if (answer.isRedirect()) {
                    var next = at.resolve(answer.header("location").orElse("")).flatMap(scope::onItsHosts);
                    if (next.isEmpty()) {
                        troubles.add(broken(sitemap, "it redirects to a host that isn't the source's"));
                        return Optional.empty();
                    }
                    at = next.get();
                } else if (answer.status() == 200 && !answer.isCut()) {
                    return parsed(sitemap, answer.body());
                } else {
                    troubles.add(
                            answer.isCut()
                                    ? broken(sitemap, "it is longer than a sitemap may be")
                                    : WebFailures.refused(at, answer.status()));
                    return Optional.empty();
                }
            }
            troubles.add(broken(sitemap, "it redirects on and on"));
        } catch (IOException e) {
            troubles.add(WebFailures.unanswered(sitemap, e));
        }
        return Optional.empty();
    }

    private Optional<Sitemap> parsed(WebAddress address, byte[] bytes) {
        try {
            return Optional.of(Sitemap.read(bytes));
        } catch (IOException e) {
            troubles.add(broken(address, Causes.shortened(String.valueOf(e.getMessage()))));
            return Optional.empty();
        }
    }

    private static Trouble broken(WebAddress sitemap, String why) {
        return new Trouble(
                FailureReason.SourceInvalid, "the sitemap %s can't be read: %s; correct it".formatted(sitemap, why));
    }
}
