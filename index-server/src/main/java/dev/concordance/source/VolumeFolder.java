package dev.concordance.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of a mounted volume, which others may write to while it is read.
 *
 * @param volume real path of the mount, which is not theirs to replace
 * @param root real path of the folder
 */
record VolumeFolder(Path volume, Path root) {
    /**
     * Opens a file by its real path. None of the folders on the way may be a link by now: it could lead to whatever else the pod has
     * mounted.
     */
    SeekableByteChannel open(Path file) throws IOException {
        try (var top = Files.newDirectoryStream(volume)) {
            return open((SecureDirectoryStream<Path>) top, volume.relativize(file));
        }
    }

    private static SeekableByteChannel open(SecureDirectoryStream<Path> folder, Path path) throws IOException {
        var names = path.getNameCount();
        if (names == 1) {
            return folder.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        }
        try (var below = folder.newDirectoryStream(path.getName(0), LinkOption.NOFOLLOW_LINKS)) {
            return open(below, path.subpath(1, names));
        }
    }

    /** The folder on the way to {@code root} that can't be opened; empty: all can. */
    Optional<Path> closed() {
        return Stream.iterate(root, folder -> folder.startsWith(volume), Path::getParent)
                .filter(folder -> !Files.isReadable(folder))
                .findFirst();
    }

    /** The same as a stream. */
    InputStream stream(Path file) throws IOException {
        return Channels.newInputStream(open(file));
    }
}
