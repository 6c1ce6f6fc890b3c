package dev.concordance.source;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;

/**
 * What a listed file holds. Since the listing it may have grown, or have been replaced by a pipe or by a link that leads out.
 *
 * @param folder of the source
 * @param listed the file, whose id is its path below it
 */
record FileContent(VolumeFolder folder, Entry.Stored listed, ChangeKey changeKey, long maxBytes) implements Content {
    @Override
    public long size() {
        return listed.size().orElseThrow();
    }

    @Override
    public byte[] read() throws IOException {
        return held().bytes();
    }

    @Override
    public Held held() throws IOException {
        var file = folder.root().resolve(listed.id()).toRealPath();
        if (!file.startsWith(folder.root()) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it was replaced while the source was read");
        }
        try (var channel = folder.open(file)) {
            var most = (int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1);
            var bytes = Channels.newInputStream(channel).readNBytes(most);
            if (bytes.length > maxBytes) {
                throw OversizedContent.grown(channel.size(), maxBytes);
            }
            return new Held(bytes, changeKey.tells(listed.changeKey(), file, bytes));
        }
    }
}
