package dev.concordance.spool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Pieces of bytes one after the other in a file, to be read in any order. One thread adds, any may read. */
public final class ByteSpool implements AutoCloseable {
    private final FileChannel channel;
    private final long most;
    private long end;

    /** @param most bytes that it takes */
    ByteSpool(Path file, long most) throws IOException {
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.most = most;
    }

    /** Where the piece begins now; negative: there is no more room. */
    public long add(byte[] piece) {
        if (end + piece.length > most) {
            return -1;
        }
        var start = end;
        var left = ByteBuffer.wrap(piece);
        try {
            while (left.hasRemaining()) {
                end += channel.write(left, end);
            }
        } catch (IOException e) {
            throw new SpoolException(e);
        }
        return start;
    }

    /** A piece that was added. */
    public byte[] read(long start, int length) throws IOException {
        var piece = ByteBuffer.allocate(length);
        while (piece.hasRemaining()) {
            if (channel.read(piece, start + piece.position()) < 0) {
                throw new EOFException("the file has no such piece");
            }
        }
        return piece.array();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new SpoolException(e);
        }
    }
}
