package dev.concordance.localcluster.node.service;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * One forward for the first port of each Service that selects pods. Its URL is in the file {@code <namespace>.<name>}, from which
 * its port is taken again after a restart.
 */
public final class ServiceForwards implements ResourceEventHandler<Service> {
    private final Path folder;
    private final BiFunction<Service, ServicePort, List<InetSocketAddress>> pods;
    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, Forward> forwards = new HashMap<>();

    /**
     * @param folder for the files with the URLs
     * @param pods where the ready pods behind a Service's port listen
     */
    public ServiceForwards(Path folder, BiFunction<Service, ServicePort, List<InetSocketAddress>> pods) {
        this.folder = folder;
        this.pods = pods;
    }

    @Override
    public synchronized void onAdd(Service service) {
        if (selectsPods(service)) {
            services.put(name(service), service);
            forwards.computeIfAbsent(name(service), this::open);
        } else {
            onDelete(service, false);
        }
    }

    @Override
    public void onUpdate(Service before, Service service) {
        onAdd(service);
    }

    @Override
    public synchronized void onDelete(Service service, boolean finalStateUnknown) {
        services.remove(name(service));
        var forward = forwards.remove(name(service));
        try {
            Files.deleteIfExists(folder.resolve(name(service)));
            if (forward != null) {
                forward.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the files of Services that went while the agent was away. */
    public synchronized void removeLeftovers(List<Service> present) {
        var names = new HashSet<>(present.stream().map(ServiceForwards::name).toList());
        try {
            Files.createDirectories(folder);
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    if (!names.contains(file.getFileName().toString())) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Forward open(String name) {
        try {
            Files.createDirectories(folder);
            var file = folder.resolve(name);
            var kept = Files.exists(file)
                    ? URI.create(Files.readString(file).strip()).getPort()
                    : 0;
            var forward = Forward.open(kept, () -> targets(name));
            var next = folder.resolveSibling("service.next");
            Files.writeString(next, "http://127.0.0.1:" + forward.port() + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return forward;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<InetSocketAddress> targets(String name) {
        var service = service(name);
        return service.isEmpty()
                ? List.of()
                : pods.apply(
                        service.getFirst(),
                        service.getFirst().getSpec().getPorts().getFirst());
    }

    private synchronized List<Service> service(String name) {
        var service = services.get(name);
        return service == null ? List.of() : List.of(service);
    }

    private static boolean selectsPods(Service service) {
        var spec = service.getSpec();
        return spec.getSelector() != null
                && !spec.getSelector().isEmpty()
                && !spec.getPorts().isEmpty()
                && spec.getPorts().getFirst().getProtocol().equals("TCP");
    }

    private static String name(Service service) {
        return service.getMetadata().getNamespace() + "."
                + service.getMetadata().getName();
    }
}
