package dev.concordance.source.web;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Pages that were fetched while they were listed, one after the other in a file, so that none is fetched twice. */
final class PageFile implements AutoCloseable {
    private static final long MOST_BYTES = 1L << 30;

    private final Path file;
    private final FileChannel channel;
    private final long most;
    private long end;

    private PageFile(Path file, FileChannel channel, long most) {
        this.file = file;
        this.channel = channel;
        this.most = most;
    }

    /** An empty one in the folder. */
    static PageFile in(Path folder) throws IOException {
        return in(folder, MOST_BYTES);
    }

    /** @param most bytes that it takes */
    static PageFile in(Path folder, long most) throws IOException {
        var file = Files.createTempFile(Files.createDirectories(folder), "pages-", "");
        return new PageFile(file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), most);
    }

    /** Where the page begins now; negative: there is no more room. */
    long add(byte[] page) throws IOException {
        if (end + page.length > most) {
            return -1;
        }
        var start = end;
        var left = ByteBuffer.wrap(page);
        while (left.hasRemaining()) {
            end += channel.write(left, end);
        }
        return start;
    }

    byte[] read(long start, int length) throws IOException {
        var page = ByteBuffer.allocate(length);
        while (page.hasRemaining()) {
            if (channel.read(page, start + page.position()) < 0) {
                throw new EOFException("the file of fetched pages was cut");
            }
        }
        return page.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
