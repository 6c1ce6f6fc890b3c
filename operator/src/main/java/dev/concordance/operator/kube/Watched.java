package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cached objects of one kind, over one informer or several. */
public record Watched<R extends HasMetadata, P extends HasMetadata>(List<InformerEventSource<R, P>> sources) {
    public Watched {
        sources = List.copyOf(sources);
    }

    /** Whether the cache has its first state. */
    public boolean isReady() {
        return !sources.isEmpty() && sources.stream().allMatch(InformerEventSource::isRunning);
    }

    /** The object of this name. */
    public Optional<R> find(@Nullable String namespace, @Nullable String name) {
        if (namespace == null || name == null) {
            return Optional.empty();
        }
        var id = new ResourceID(name, namespace);
        return sources.stream().flatMap(source -> source.get(id).stream()).findFirst();
    }

    /** The objects that an index has under a key. */
    public Stream<R> byIndex(String index, String key) {
        return sources.stream().flatMap(source -> source.byIndex(index, key).stream());
    }

    /** The one informer there is; only for kinds that are watched by one. */
    public InformerEventSource<R, P> only() {
        return sources.getFirst();
    }
}
