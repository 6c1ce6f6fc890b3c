package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogReaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "'a\nb\nc\n', 0, ''",
        "'a\nb\nc\n', 1, 'c\n'",
        "'a\nb\nc\n', 2, 'b\nc\n'",
        "'a\nb\nc', 2, 'b\nc'",
        "'a\nb\nc\n', 3, 'a\nb\nc\n'",
        "'a\nb\nc\n', 9, 'a\nb\nc\n'",
        "'\n\n', 1, '\n'",
        "'', 5, ''"
    })
    void givesTheLastLines(String text, int lines, String expected) throws IOException {
        assertThat(read(text, Map.of("tailLines", String.valueOf(lines)))).isEqualTo(expected);
    }

    @Test
    void findsTheLastLinesOfALongLog() throws IOException {
        var line = "x".repeat(9_999) + "\n";

        assertThat(read(line.repeat(20), Map.of("tailLines", "7"))).isEqualTo(line.repeat(7));
    }

    @Test
    void endsAtTheLimitAndFollowsUntilTheProcessHasEnded() throws IOException {
        assertThat(read("abcdef", Map.of("limitBytes", "4"))).isEqualTo("abcd");
        Files.writeString(folder.resolve("exit"), "0\n");
        assertThat(read("abcdef", Map.of("follow", "true"))).isEqualTo("abcdef");
    }

    private String read(String text, Map<String, String> query) throws IOException {
        var log = folder.resolve("log");
        Files.writeString(log, text);
        var out = new ByteArrayOutputStream();
        new LogReader(log, query).copy(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
