package dev.concordance.manifest;

import dev.concordance.manifest.SourceManifest.Jdbc;
import dev.concordance.manifest.SourceManifest.Location;
import dev.concordance.manifest.SourceManifest.RateLimit;
import dev.concordance.manifest.SourceManifest.S3;
import dev.concordance.manifest.SourceManifest.Web;

/** How fast a source may be read, which says nothing of what it holds. */
final class Pace {
    private Pace() {}

    /** What each of so many workers side by side is told. */
    static Location dividedBy(Location location, int workers) {
        return switch (location) {
            case S3 s3 -> s3.with(s3.caCertificates(), s3.rateLimit().dividedBy(workers));
            case Jdbc jdbc -> jdbc.with(jdbc.rateLimit().dividedBy(workers));
            case Web web -> delayed(web, web.delayMillis() * workers);
            default -> location;
        };
    }

    static int mostWorkers(Location location) {
        return switch (location) {
            case S3 s3 -> s3.rateLimit().mostWorkers();
            case Jdbc jdbc -> jdbc.rateLimit().mostWorkers();
            default -> Integer.MAX_VALUE;
        };
    }

    static Location unlimited(Location location) {
        return switch (location) {
            case S3 s3 -> s3.with(s3.caCertificates(), RateLimit.NONE);
            case Jdbc jdbc -> jdbc.with(RateLimit.NONE);
            case Web web -> delayed(web, 0);
            default -> location;
        };
    }

    private static Web delayed(Web web, long millis) {
        return new Web(
                web.urls(),
                web.sitemaps(),
                web.hosts(),
                web.maxDepth(),
                web.maxPages(),
                millis,
                web.userAgentSuffix(),
                web.credentialsMount(),
                web.caCertificates(),
                web.privateNetworks());
    }
}
