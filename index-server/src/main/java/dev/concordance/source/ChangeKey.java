package dev.concordance.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** By what a file is told to have changed, and when. */
enum ChangeKey {
    /** Its size and its time: nothing of it is read. */
    OF_FILE {
        @Override
        String of(Path file, BasicFileAttributes attributes) {
            return attributes.size() + "-" + attributes.lastModifiedTime().toInstant();
        }

        /** The change time of its inode: copies and archives bring the time of modification along, from long before. */
        @Override
        Instant changedAt(Path file) throws IOException {
            return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
        }

        @Override
        boolean tells(String key, Path file, byte[] read) throws IOException {
            try {
                return of(file, Files.readAttributes(file, BasicFileAttributes.class))
                        .equals(key);
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    },
    /** What it holds: for files that are written anew for each pod, so that nothing tells when. */
    OF_CONTENT {
        @Override
        String of(Path file, BasicFileAttributes attributes) throws IOException {
            return Hash.of(Files.readAllBytes(file));
        }

        @Override
        @Nullable
        Instant changedAt(Path file) {
            return null;
        }

        @Override
        boolean tells(String key, Path file, byte[] read) {
            return Hash.of(read).equals(key);
        }
    };

    abstract String of(Path file, BasicFileAttributes attributes) throws IOException;

    /** When the file became what it is; null: nothing tells. */
    abstract @Nullable Instant changedAt(Path file) throws IOException;

    /** Whether this key of a file is that of what was read of it just now. */
    abstract boolean tells(String key, Path file, byte[] read) throws IOException;
}
