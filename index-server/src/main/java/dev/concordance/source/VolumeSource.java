package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** A mounted folder. Links that stay inside are read as what they point to; nothing outside is ever opened. */
final class VolumeSource implements Source {
    private final SourceManifest source;
    private final Path mount;
    private final String path;
    private final long maxBytes;
    private final Selection selection;

    VolumeSource(SourceManifest source, SourceManifest.Volume volume, Path mount, long maxBytes) {
        this.source = source;
        this.mount = mount;
        this.path = volume.path();
        this.maxBytes = maxBytes;
        this.selection = new Selection(source);
    }

    @Override
    public Listing list() {
        try {
            var root = root();
            var collected = new Collected();
            for (var file : files(root)) {
                add(collected, root, file);
            }
            var entries = collected.entries(source.name());
            var position = new Fingerprint("volume/1");
            entries.forEach(entry -> position.with(entry.id(), entry.changeKey()));
            return new Listing(position.digest(), entries);
        } catch (IOException e) {
            throw new SourceException(
                    FailureReason.SourceUnreachable,
                    "source %s can't be read: %s".formatted(source.name(), e.getMessage()),
                    e);
        }
    }

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
                    "source %s: %s is not a folder of the volume: correct volume.path".formatted(source.name(), path));
        }
        return root.toRealPath();
    }

    private static List<Path> files(Path root) throws IOException {
        var files = new ArrayList<Path>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.endsWith(".git") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private void add(Collected collected, Path root, Path file) throws IOException {
        var name = root.relativize(file).toString();
        if (!selection.takes(name)) {
            return;
        }
        Path real;
        try {
            real = file.toRealPath();
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
        var attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (attributes.isRegularFile()) {
            addFile(collected, name, real, attributes);
        }
    }

    private void addFile(Collected collected, String name, Path file, BasicFileAttributes attributes)
            throws IOException {
        var changeKey = attributes.size() + "-" + attributes.lastModifiedTime().toInstant();
        var jsonl = source.jsonl();
        if (jsonl != null && JsonLinesFile.isOne(name)) {
            new JsonLinesFile(file, name, jsonl, maxBytes).list(collected);
        } else if (attributes.size() > maxBytes) {
            collected.refuse(
                    name,
                    changeKey,
                    QuarantineReason.TooLarge,
                    "it has %d bytes, more than the %d of limits.maxDocumentSize: divide it, exclude it or raise the limit"
                            .formatted(attributes.size(), maxBytes));
        } else {
            collected.add(new Entry.File(name, changeKey, attributes.size(), () -> read(file)), name);
        }
    }

    /** A file may have grown since it was listed. */
    private byte[] read(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes));
        }
    }
}
