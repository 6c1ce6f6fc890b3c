package dev.concordance.e2e;

import dev.concordance.manifest.SourceManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A website on loopback, followed from its page of contents. */
final class WebPlace implements Place {
    private static final int DELAY_MILLIS = 10;
    private final Website site = new Website();

    @Override
    public String declaration() {
        return "web: {urls: [\"%s\"], maxDepth: 3, maxPages: 50, delay: %dms}".formatted(site.url(), DELAY_MILLIS);
    }

    @Override
    public SourceManifest.Location location() {
        return new SourceManifest.Web(
                List.of(site.url()), List.of(), List.of(), 3, 50, DELAY_MILLIS, null, null, null, true);
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of();
    }

    @Override
    public @Nullable String uriTemplate() {
        return null;
    }

    @Override
    public boolean isWatched() {
        return false;
    }

    @Override
    public void write(String path, String text) {
        site.write(path, text);
    }

    @Override
    public void remove(String path) {
        site.remove(path);
    }

    /** Answers the page of contents, and then nothing. */
    @Override
    public void fail() {
        site.answerOnly(1);
    }

    @Override
    public void recover() {
        if (site.refused() == 0) {
            throw new IllegalStateException("nobody has asked for more than the page of contents");
        }
        site.answerOnly(Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        site.close();
    }
}
