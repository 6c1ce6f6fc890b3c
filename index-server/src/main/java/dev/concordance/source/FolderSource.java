package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * A mounted folder. A link to a file inside is read as what it points to; nothing outside is ever opened, and nothing that
 * isn't a regular file, for opening a pipe would wait for ever.
 */
final class FolderSource implements Source {
    private final SourceManifest source;
    private final Path mount;
    private final String path;
    private final ChangeKey changeKey;
    private final Reading reading;
    private final Selection selection;

    private record Found(Path file, BasicFileAttributes attributes) {}

    /** @param path below the mount; empty: all of it */
    FolderSource(SourceManifest source, Path mount, String path, ChangeKey changeKey, Reading reading) {
        this.source = source;
        this.mount = mount;
        this.path = path;
        this.changeKey = changeKey;
        this.reading = reading;
        this.selection = new Selection(source);
    }

    @Override
    public Listing list() {
        try {
            var root = root();
            var collected = new Collected(source, reading);
            for (var found : files(root)) {
                add(collected, root, found);
            }
            return collected.listing();
        } catch (IOException e) {
            throw new SourceException(
                    FailureReason.SourceUnreachable,
                    "source %s can't be read, so nothing was changed: %s".formatted(source.name(), explained(e)),
                    e);
        }
    }

    @Override
    public void fetch(Collection<Entry> entries) {}

    @Override
    public void close() {}

    private Path root() throws IOException {
        var folder = mount.toRealPath();
        var root = folder.resolve(path).normalize();
        if (!root.startsWith(folder)
                || !Files.isDirectory(root)
                || !root.toRealPath().startsWith(folder)) {
            throw new SourceException(
                    FailureReason.SourceInvalid,
                    "source %s: %s is not a folder of the volume, so nothing was changed: correct volume.path"
                            .formatted(source.name(), path));
        }
        return root.toRealPath();
    }

    /** In a fixed order, so that of two documents with one id it is always the same that counts. */
    private static List<Found> files(Path root) throws IOException {
        var files = new ArrayList<Found>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return isHidden(root, folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(new Found(file, attributes));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        files.sort((a, b) -> a.file().compareTo(b.file()));
        return files;
    }

    /** Git's own folder, and those below which Kubernetes keeps what the links of a mounted ConfigMap point to. */
    private static boolean isHidden(Path root, Path folder) {
        var name = String.valueOf(folder.getFileName());
        return !folder.equals(root) && (name.equals(".git") || name.startsWith(".."));
    }

    private void add(Collected collected, Path root, Found found) throws IOException {
        var name = root.relativize(found.file()).toString();
        if (!selection.takes(name)) {
            return;
        }
        if (found.attributes().isSymbolicLink()) {
            addLink(collected, root, name, found.file());
        } else {
            addFile(collected, name, found.file(), found.attributes());
        }
    }

    private void addLink(Collected collected, Path root, String name, Path link) throws IOException {
        Path real;
        try {
            real = link.toRealPath();
        } catch (IOException e) {
            collected.refuse(
                    name,
                    "dangling",
                    QuarantineReason.OutsideSource,
                    "the link points to nothing: correct or exclude it");
            return;
        }
        if (!real.startsWith(root)) {
            collected.refuse(
                    name,
                    "outside",
                    QuarantineReason.OutsideSource,
                    "the link leads out of the source and is not followed: copy the file, or exclude it");
            return;
        }
        addFile(collected, name, real, Files.readAttributes(real, BasicFileAttributes.class));
    }

    private void addFile(Collected collected, String name, Path file, BasicFileAttributes attributes)
            throws IOException {
        if (attributes.isRegularFile()) {
            collected.add(new MountedFile(name, file, attributes));
        } else {
            collected.passOver();
        }
    }

    private final class MountedFile implements FoundFile {
        private final String name;
        private final Path file;
        private final BasicFileAttributes attributes;

        MountedFile(String name, Path file, BasicFileAttributes attributes) {
            this.name = name;
            this.file = file;
            this.attributes = attributes;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(attributes.size());
        }

        @Override
        public String changeKey() throws IOException {
            return changeKey.of(file, attributes);
        }

        @Override
        public Content content() {
            return new FileContent(file, attributes.size(), reading.maxBytes());
        }

        @Override
        public Path local() {
            return file;
        }
    }

    /** Exceptions of the file system often have nothing but the path as message. */
    private static String explained(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
