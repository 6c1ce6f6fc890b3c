package dev.concordance.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What a listed file holds. Since the listing it may have grown, or have been replaced by a pipe or by a link that leads out.
 *
 * @param root real path of the source
 * @param name path of the file below it
 */
record FileContent(Path root, String name, long size, long maxBytes) implements Content {
    @Override
    public byte[] read() throws IOException {
        var file = root.resolve(name).toRealPath();
        if (!file.startsWith(root) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it was replaced while the source was read");
        }
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var most = (int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1);
            var bytes = in.readNBytes(most);
            if (bytes.length > maxBytes) {
                throw new OversizedContent(Files.size(file), maxBytes);
            }
            return bytes;
        }
    }
}
