package dev.concordance.localcluster.node.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;

/**
 * Where a pod is found. Kubernetes refuses endpoints on loopback, and a process without root has nothing else of its own; so a
 * pod has two addresses, and only the agent knows that they belong together.
 *
 * @param loopback where its processes listen
 */
public record Address(String loopback) {
    private static final String FILE = "address";
    private static final int LAST = 254;

    /** What its status says. */
    public String reported() {
        return "10.77.0" + loopback.substring(loopback.lastIndexOf('.'));
    }

    /**
     * The address of the pod that has {@code folder}, kept there; its neighbours' are theirs.
     *
     * @param port of the agent: two agents on a host have different ones, and so their pods have different addresses
     */
    static synchronized Address of(Path folder, int port) throws IOException {
        var kept = in(folder);
        if (kept.isPresent()) {
            return kept.get();
        }
        var taken = new HashSet<Address>();
        try (var pods = Files.newDirectoryStream(folder.resolveSibling(""))) {
            for (var pod : pods) {
                in(pod).ifPresent(taken::add);
            }
        }
        for (var number = 1; number <= LAST; number++) {
            var address = new Address("127." + port / 256 + "." + port % 256 + "." + number);
            if (!taken.contains(address)) {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve(FILE), address.loopback + "\n");
                return address;
            }
        }
        throw new IOException("the node has no address left for another pod");
    }

    private static Optional<Address> in(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        return Files.exists(file)
                ? Optional.of(new Address(Files.readString(file).strip()))
                : Optional.empty();
    }
}
