package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A mounted folder. A link to a file inside is read as what it points to; nothing outside is ever opened, and nothing that
 * isn't a regular file, for opening a pipe would wait for ever.
 */
final class FolderSource implements Source {
    private static final int MOST_WALKS = 3;
    private static final int LOOKS_AT_A_LINK = 2;

    /** Bytes of a path on Linux (PATH_MAX), with the one that ends it. */
    private static final int LONGEST_PATH = 4096;

    private final SourceManifest source;
    private final Path mount;
    private final String path;
    private final ChangeKey changeKey;
    private final Reading reading;
    private final Selection selection;
    private @Nullable VolumeFolder folder;

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
    public Listing list(Spools spools) {
        return list(spools, Before.nothing(spools));
    }

    @Override
    public Listing list(Spools spools, Before before) {
        try {
            var found = folder();
            folder = found;
            return list(found.root(), spools, before.stop());
        } catch (IOException e) {
            throw new SourceException(
                    FailureReason.SourceUnreachable,
                    "source %s can't be read, so nothing was changed: %s".formatted(source.name(), explained(e)),
                    e);
        }
    }

    /** A folder that is renamed while others are walked through may be met under neither of its names. */
    private Listing list(Path root, Spools spools, Runnable stop) throws IOException {
        for (var walks = 1; ; walks++) {
            var collected = new Collected(source, reading, spools);
            var walk = new Walk(stop);
            addAll(collected, root, root, walk);
            if (walk.missesNothing() || walks == MOST_WALKS && !walk.missesFolder) {
                return collected.listing();
            }
            if (walks == MOST_WALKS) {
                throw SourceException.of(
                        source.name(),
                        FailureReason.SourceUnreachable,
                        "folders went while it was listed, %d times in a row".formatted(MOST_WALKS),
                        null);
            }
        }
    }

    /** A walk through all folders, and what was no longer there when its turn came. */
    private static final class Walk {
        private final Runnable stop;
        private boolean missesFolder;
        private boolean missesUnknown;

        /** @param stop throws if it shall end */
        Walk(Runnable stop) {
            this.stop = stop;
        }

        boolean missesNothing() {
            return !missesFolder && !missesUnknown;
        }
    }

    @Override
    public void fetch(Iterator<Entry> entries) {}

    @Override
    public Content content(Entry.Stored file) {
        var listed = Objects.requireNonNull(folder, "the source has been listed");
        return new FileContent(listed, file, changeKey, reading.maxBytes());
    }

    @Override
    public void close() {}

    private VolumeFolder folder() throws IOException {
        var volume = mount.toRealPath();
        var declared = volume.resolve(path).normalize();
        if (declared.startsWith(volume) && Files.isDirectory(declared)) {
            var root = declared.toRealPath();
            if (root.startsWith(volume)) {
                return readable(new VolumeFolder(volume, root));
            }
        }
        throw new SourceException(
                FailureReason.SourceInvalid,
                "source %s: %s is not a folder of the volume, so nothing was changed: correct volume.path"
                        .formatted(source.name(), path));
    }

    /** Files are opened folder by folder, which takes more than to search what a folder holds by name. */
    private VolumeFolder readable(VolumeFolder found) {
        found.closed().ifPresent(closed -> {
            throw new SourceException(
                    FailureReason.SourceInvalid,
                    "source %s: /%s of the volume can't be read: let everybody, or the pod's group, read it and the folders above it"
                            .formatted(source.name(), found.volume().relativize(closed)));
        });
        return found;
    }

    /**
     * In a fixed order, so that of two documents with one id it is always the same that counts. Files come before folders, so that
     * little time passes until it is known what is one.
     */
    private void addAll(Collected collected, Path root, Path folder, Walk walk) throws IOException {
        walk.stop.run();
        List<Path> files;
        try (var all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        var folders = new ArrayList<Path>();
        for (var file : files) {
            if (isTooLong(file)) {
                collected.refuse(
                        root.relativize(file).toString(),
                        "too long",
                        QuarantineReason.BadId,
                        "its path is longer than any that can be opened: shorten it");
                continue;
            }
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!attributes.isDirectory()) {
                    add(collected, root, file, attributes);
                } else if (!isHidden(file)) {
                    folders.add(file);
                }
            } catch (NoSuchFileException e) {
                walk.missesUnknown = true;
            }
        }
        for (var below : folders) {
            try {
                addAll(collected, root, below, walk);
            } catch (NoSuchFileException e) {
                walk.missesFolder = true;
            }
        }
    }

    /** A file that was moved with its folder can have such a path; the system would refuse to say what it is. */
    private static boolean isTooLong(Path file) {
        return file.toString().getBytes(StandardCharsets.UTF_8).length >= LONGEST_PATH;
    }

    /** Git's own folder, and those below which Kubernetes keeps what the links of a mounted ConfigMap point to. */
    private static boolean isHidden(Path folder) {
        var name = String.valueOf(folder.getFileName());
        return name.equals(".git") || name.startsWith("..");
    }

    private void add(Collected collected, Path root, Path file, BasicFileAttributes attributes) throws IOException {
        var name = root.relativize(file).toString();
        if (!selection.takes(name)) {
            return;
        }
        if (!isReadBy(name, root, file)) {
            // Other files may read alike, so that this is no place by which to tell it.
            collected.refuse(
                    "\n" + root.toUri().relativize(file.toUri()).getRawPath(),
                    "misnamed",
                    QuarantineReason.BadId,
                    "its path is not valid UTF-8, %s with each other byte in hexadecimal: rename it"
                            .formatted(last(file.toUri().getRawPath())));
        } else if (attributes.isSymbolicLink()) {
            addLink(collected, root, name, file);
        } else {
            addFile(collected, name, file, attributes);
        }
    }

    /** Whether a path can be told in characters, so that they lead back to the file: a file system takes any bytes as names. */
    private static boolean isReadBy(String name, Path root, Path file) {
        try {
            return root.resolve(name).equals(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void addLink(Collected collected, Path root, String name, Path link) throws IOException {
        var real = target(link);
        if (real == null) {
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

    /**
     * Where a link leads; null: to nothing. It is looked at twice, since what it led through may be replaced in that very
     * moment, as Kubernetes replaces the folder of a mounted ConfigMap: 7 of 20,000 looks at one that was replaced all the time
     * found nothing, and no second look did.
     */
    private static @Nullable Path target(Path link) {
        for (var looks = 1; ; looks++) {
            try {
                return link.toRealPath();
            } catch (IOException e) {
                if (looks == LOOKS_AT_A_LINK) {
                    return null;
                }
            }
        }
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
        public @Nullable Instant changedAt() throws IOException {
            return changeKey.changedAt(file);
        }

        @Override
        public Path local() {
            return file;
        }

        @Override
        public InputStream open(Path local) throws IOException {
            return Objects.requireNonNull(folder, "it is being listed").stream(local);
        }
    }

    /** Exceptions of the file system often have nothing but the path as message. */
    private static String explained(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
