package dev.concordance.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** By what a file is told to have changed. */
enum ChangeKey {
    /** Its size and its time: nothing of it is read. */
    OF_FILE {
        @Override
        String of(Path file, BasicFileAttributes attributes) {
            return attributes.size() + "-" + attributes.lastModifiedTime().toInstant();
        }
    },
    /** What it holds: for files that are written anew for each pod. */
    OF_CONTENT {
        @Override
        String of(Path file, BasicFileAttributes attributes) throws IOException {
            return Hash.of(Files.readAllBytes(file));
        }
    };

    abstract String of(Path file, BasicFileAttributes attributes) throws IOException;
}
