package dev.concordance.evaluation.judged;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The lines of a file that may be hostile, one at a time: of bounded length, in UTF-8. */
final class Lines implements AutoCloseable {
    /** In bytes. */
    static final int LONGEST = 1 << 20;

    private final Path file;
    private final InputStream bytes;
    private int number;

    /** Throws IllegalArgumentException if there is no such file. */
    Lines(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        this.file = file;
        this.bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** The next line that isn't blank; null after the last. */
    @Nullable
    String next() throws IOException {
        while (true) {
            var line = new ByteArrayOutputStream();
            number++;
            var last = bytes.read();
            if (last < 0) {
                return null;
            }
            for (; last >= 0 && last != '\n'; last = bytes.read()) {
                if (line.size() == LONGEST) {
                    throw wrong("is longer than %,d bytes: there is a query on each line".formatted(LONGEST));
                }
                line.write(last);
            }
            var text = decode(line.toByteArray()).strip();
            if (!text.isEmpty()) {
                return text;
            }
        }
    }

    /** The complaint about the line that was last read. */
    IllegalArgumentException wrong(String complaint) {
        return new IllegalArgumentException("%s, line %,d %s".formatted(file.getFileName(), number, complaint));
    }

    int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private String decode(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("is not UTF-8: convert the file");
        }
    }
}
