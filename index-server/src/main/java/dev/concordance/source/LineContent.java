package dev.concordance.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** The bytes of a line, which are no others than those that were listed. */
public record LineContent(Entry.Line line) implements Content {
    @Override
    public long size() {
        return line.length();
    }

    @Override
    public byte[] read() throws IOException {
        try (var channel = FileChannel.open(line.file(), StandardOpenOption.READ)) {
            var bytes = ByteBuffer.allocate(line.length());
            while (bytes.hasRemaining() && channel.read(bytes, line.start() + bytes.position()) >= 0) {}
            if (!Hash.of(bytes.array()).equals(line.changeKey())) {
                throw new IOException("its file was changed while the source was read");
            }
            return bytes.array();
        }
    }
}
