package dev.concordance.localcluster.node.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** One layer of an image: files, folders, links, and marks of what a layer below has and the image has not. */
final class Layer {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private Layer() {}

    static void unpack(InputStream content, String mediaType, Path root) throws IOException {
        if (!mediaType.endsWith("tar+gzip") && !mediaType.endsWith("tar.gzip") && !mediaType.endsWith(".tar")) {
            throw new IOException("a layer of type " + mediaType + " can't be unpacked");
        }
        var plain = mediaType.endsWith("gzip") ? new GZIPInputStream(content) : content;
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(plain))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, root);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        var target = within(root, entry.getName());
        if (target.equals(root)) {
            return;
        }
        Files.createDirectories(parent(target));
        requireWithin(root, parent(target), entry.getName());
        var name = String.valueOf(target.getFileName());
        if (name.equals(OPAQUE)) {
            deleteContent(parent(target));
        } else if (name.startsWith(WHITEOUT)) {
            delete(target.resolveSibling(name.substring(WHITEOUT.length())));
        } else if (entry.isDirectory()) {
            makeFolder(target);
        } else {
            delete(target);
            place(tar, entry, root, target);
        }
    }

    private static void makeFolder(Path target) throws IOException {
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            delete(target);
            Files.createDirectory(target);
        }
    }

    private static void place(TarArchiveInputStream tar, TarArchiveEntry entry, Path root, Path target)
            throws IOException {
        if (entry.isSymbolicLink()) {
            var link = entry.getLinkName();
            var aim = link.startsWith("/")
                    ? within(root, link)
                    : within(root, root.relativize(parent(target)).resolve(link).toString());
            Files.createSymbolicLink(target, parent(target).relativize(aim));
        } else if (entry.isLink()) {
            var aim = within(root, entry.getLinkName());
            requireWithin(root, aim, entry.getName());
            Files.createLink(target, aim);
        } else if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            throw new IOException(entry.getName() + " is neither a file, a folder nor a link");
        } else {
            Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(target, entry.getLastModifiedTime());
            if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
                throw new IOException(target + " can't be made executable");
            }
        }
    }

    private static Path within(Path root, String name) throws IOException {
        var target = root.resolve(name.replaceFirst("^/+", "")).normalize();
        if (!target.startsWith(root)) {
            throw new IOException(name + " leaves the image");
        }
        return target;
    }

    /** A link that an earlier entry made must not lead out either. */
    private static void requireWithin(Path root, Path target, String name) throws IOException {
        if (!target.toRealPath().startsWith(root.toRealPath())) {
            throw new IOException(name + " leaves the image");
        }
    }

    private static Path parent(Path path) {
        var parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no parent");
        }
        return parent;
    }

    private static void deleteContent(Path target) throws IOException {
        List<Path> content;
        try (var files = Files.list(target)) {
            content = files.toList();
        }
        for (var path : content) {
            delete(path);
        }
    }

    /** Never follows a link. */
    static void delete(Path target) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> all;
        try (var files = Files.walk(target)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (var path : all) {
            Files.delete(path);
        }
    }
}
