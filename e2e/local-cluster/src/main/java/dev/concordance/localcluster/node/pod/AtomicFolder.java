package dev.concordance.localcluster.node.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A folder whose files change all at once, as a kubelet does it: each is a link into {@code ..data}, which is a link that is
 * swapped.
 */
record AtomicFolder(Path path) {
    private static final String DATA = "..data";

    /** A file's bytes and permission bits. */
    record Content(byte[] bytes, int mode) {
        boolean sameAs(Content other) {
            return mode == other.mode && Arrays.equals(bytes, other.bytes);
        }
    }

    /** Makes the folder hold just these files; a name may have folders in it. */
    void write(Map<String, Content> files) throws IOException {
        Files.createDirectories(path);
        var next = Files.createTempDirectory(path, "..");
        Files.setPosixFilePermissions(next, permissions(0755));
        for (var file : files.entrySet()) {
            var target = next.resolve(file.getKey()).normalize();
            if (!target.startsWith(next)) {
                throw new IOException(file.getKey() + " leaves its volume");
            }
            Files.createDirectories(target.resolveSibling("."));
            Files.write(target, file.getValue().bytes());
            Files.setPosixFilePermissions(target, permissions(file.getValue().mode()));
        }
        var data = path.resolve(DATA);
        var last = Files.isSymbolicLink(data) ? path.resolve(Files.readSymbolicLink(data)) : null;
        var swap = path.resolve("..data_next");
        Files.deleteIfExists(swap);
        Files.createSymbolicLink(swap, next.getFileName());
        Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        link(files);
        if (last != null) {
            delete(last);
        }
    }

    private void link(Map<String, Content> files) throws IOException {
        var names = new TreeMap<String, Boolean>();
        files.keySet().forEach(name -> names.put(Path.of(name).getName(0).toString(), true));
        try (var present = Files.newDirectoryStream(
                path, name -> !name.getFileName().toString().startsWith(".."))) {
            for (var entry : present) {
                if (!names.containsKey(entry.getFileName().toString())) {
                    Files.delete(entry);
                }
            }
        }
        for (var name : names.keySet()) {
            if (!Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(path.resolve(name), Path.of(DATA, name));
            }
        }
    }

    /** Removes a folder with all that is in it; follows no link. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var all = PosixFilePermission.values();
        var set = EnumSet.noneOf(PosixFilePermission.class);
        for (var i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }
}
