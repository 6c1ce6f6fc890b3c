package dev.concordance.inlet;

import dev.concordance.endpoint.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The body of a request, plain or compressed; its bounds hold for what comes out, so a small one can't become large. */
final class Body implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final long most;
    private long read;
    private boolean ended;

    private Body(InputStream in, long most) {
        this.in = in;
        this.most = most;
    }

    /** @param most bytes that are read; more are refused */
    static Body open(InputStream in, @Nullable String encoding, long most) {
        var named = encoding == null ? "identity" : encoding.strip();
        if (named.equalsIgnoreCase("identity")) {
            return new Body(new BufferedInputStream(in, BUFFER), most);
        }
        if (!named.equalsIgnoreCase("gzip")) {
            throw new Problem(415, "Unsupported Media Type", "send the body plain, or with Content-Encoding: gzip");
        }
        try {
            return new Body(new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER), most);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** All of it. */
    byte[] all() {
        try {
            var bytes = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            if (bytes.length > most) {
                throw Problem.tooLarge(most);
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** A line; {@code bytes} is null if it is longer than was allowed. */
    record Line(byte @Nullable [] bytes) {}

    /** The next line that isn't empty; null: there is none. */
    @Nullable
    Line line(int longest) {
        while (!ended) {
            var line = new ByteArrayOutputStream();
            var length = 0L;
            for (var next = next(); next >= 0 && next != '\n'; next = next()) {
                if (length++ < longest) {
                    line.write(next);
                }
            }
            if (length > longest) {
                return new Line(null);
            }
            if (!line.toString(java.nio.charset.StandardCharsets.ISO_8859_1).isBlank()) {
                return new Line(line.toByteArray());
            }
        }
        return null;
    }

    private int next() {
        try {
            var next = in.read();
            ended = next < 0;
            if (!ended && ++read > most) {
                throw Problem.tooLarge(most);
            }
            return next;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Problem unreadable(IOException cause) {
        return cause instanceof ZipException || cause instanceof java.io.EOFException
                ? Problem.invalid("body: is not whole gzip, which Content-Encoding says it is", "body")
                : Problem.invalid("body: could not be read to its end", "body");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
