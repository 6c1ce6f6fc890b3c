package dev.concordance.ingest;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.source.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sources that have told that they have changed. Each that can is watched by a thread of its own; one whose watch fails is
 * asked as others are, until the watch works again.
 */
final class Announcements implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    Announcements(List<SourceManifest> sources, Function<SourceManifest, Optional<Watch>> watches) {
        for (var source : sources) {
            watches.apply(source)
                    .ifPresent(watch -> threads.add(Thread.ofPlatform()
                            .daemon()
                            .name("watch-" + source.name())
                            .start(() -> watch(source.name(), watch))));
        }
    }

    /** Names of sources that have changed, if any do so within a time. */
    Set<String> await(Duration atMost) {
        try {
            var all = new HashSet<String>();
            var first = queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                all.add(first);
                queue.drainTo(all);
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RunException.stopped();
        }
    }

    private void watch(String source, Watch watch) {
        try (watch) {
            while (!Thread.currentThread().isInterrupted()) {
                if (isChanged(watch) && !queue.contains(source)) {
                    queue.add(source);
                }
            }
        }
    }

    private static boolean isChanged(Watch watch) {
        try {
            return watch.await(LOOK);
        } catch (SourceException e) {
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
