package dev.concordance.localcluster.node.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;

/**
 * Where a pod is found. Kubernetes refuses endpoints on loopback, and a process without root has nothing else of its own; so a
 * pod has two addresses of the same number, and only the agent knows that they belong together.
 */
public record Address(int number) {
    private static final String FILE = "address";
    private static final int LAST = 65_000;

    /** Where its processes listen. */
    public String loopback() {
        return "127.77." + number / 250 + "." + (number % 250 + 1);
    }

    /** What its status says. */
    public String reported() {
        return "10.77." + number / 250 + "." + (number % 250 + 1);
    }

    /** The address of the pod that has {@code folder}, kept there; its neighbours' are theirs. */
    static synchronized Address of(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        if (Files.exists(file)) {
            return new Address(Integer.parseInt(Files.readString(file).strip()));
        }
        var taken = new HashSet<Integer>();
        try (var pods = Files.newDirectoryStream(folder.resolveSibling(""))) {
            for (var pod : pods) {
                var other = pod.resolve(FILE);
                if (Files.exists(other)) {
                    taken.add(Integer.parseInt(Files.readString(other).strip()));
                }
            }
        }
        for (var number = 1; number < LAST; number++) {
            if (!taken.contains(number)) {
                Files.createDirectories(folder);
                Files.writeString(file, number + "\n");
                return new Address(number);
            }
        }
        throw new IOException("all addresses are taken");
    }
}
