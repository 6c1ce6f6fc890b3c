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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Sources that have told that they have changed. Each that can is watched by a thread of its own; one whose watch fails is
 * asked as others are, until the watch works again.
 */
final class Announcements implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Announcements.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(20);

    private final DoubleSupplier random;
    private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    /** Why sources can't be listened to. */
    private final ConcurrentSkipListMap<String, String> unheard = new ConcurrentSkipListMap<>();

    private final List<Thread> threads = new ArrayList<>();

    /** @param random from 0 to 1, so that those who fail together don't come again together */
    Announcements(
            List<SourceManifest> sources, Function<SourceManifest, Optional<Watch>> watches, DoubleSupplier random) {
        this.random = random;
        for (var source : sources) {
            watches.apply(source)
                    // What a virtual thread reads from a network ends when it is interrupted.
                    .ifPresent(watch -> threads.add(Thread.ofVirtual()
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

    /** Names of the sources that would tell of a change now. */
    Set<String> heard() {
        return Set.copyOf(heard);
    }

    /** Why a source that could tell of its changes can't be listened to now, if there is such a one. */
    Optional<String> unheard() {
        return unheard.values().stream().findFirst();
    }

    private void watch(String source, Watch watch) {
        try (watch) {
            for (var failures = 0; !Thread.currentThread().isInterrupted(); ) {
                failures = isHeard(source, watch) ? 0 : failures + 1;
                if (failures > 0) {
                    Thread.sleep(Agenda.retry(failures, random));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            heard.remove(source);
        }
    }

    /** Listens for a while. */
    private boolean isHeard(String source, Watch watch) {
        try {
            var isChanged = watch.await(LOOK);
            if (heard.add(source)) {
                LOG.log(System.Logger.Level.INFO, "listened to source={0}", source);
            }
            unheard.remove(source);
            if (isChanged && !queue.contains(source)) {
                queue.add(source);
            }
            return true;
        } catch (SourceException e) {
            heard.remove(source);
            // Who is told to end may fail for that.
            if (!Thread.currentThread().isInterrupted() && unheard.put(source, e.getMessage()) == null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "not listened to source=%s reason=%s: %s".formatted(source, e.reason(), e.getMessage()));
            }
            return false;
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
