package dev.concordance.inlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.endpoint.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BodyTest {
    @Test
    void readsLinesPlainOrCompressed() throws IOException {
        var text = "one\n\n  \r\ntwo\nthree".getBytes(StandardCharsets.UTF_8);
        for (var encoding : new String[] {null, "identity", "gzip", "GZIP"}) {
            var bytes = encoding != null && encoding.equalsIgnoreCase("gzip") ? compressed(text) : text;
            try (var body = Body.open(new ByteArrayInputStream(bytes), encoding, 100)) {
                assertThat(line(body)).isEqualTo("one");
                assertThat(line(body)).isEqualTo("two");
                assertThat(line(body)).isEqualTo("three");
                assertThat(body.line(10)).isNull();
            }
        }
    }

    @Test
    void passesOverLinesThatAreTooLong() throws IOException {
        try (var body = Body.open(in("12345678901\n1234567890\n"), null, 100)) {
            assertThat(Objects.requireNonNull(body.line(10)).bytes()).isNull();
            assertThat(line(body)).isEqualTo("1234567890");
        }
    }

    @Test
    void countsWhatComesOutOfACompressedBody() throws IOException {
        var bomb = compressed(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan(100_000);
        try (var body = Body.open(new ByteArrayInputStream(bomb), "gzip", 1_000_000)) {
            assertThatThrownBy(body::all)
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.status()).isEqualTo(413));
        }
        try (var body = Body.open(new ByteArrayInputStream(bomb), "gzip", 1_000_000)) {
            assertThatThrownBy(() -> body.line(1_000)).isInstanceOf(Problem.class);
        }
    }

    @Test
    void refusesWhatItCantDecode() throws IOException {
        assertThatThrownBy(() -> Body.open(in("x"), "br", 10))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(415));
        assertThatThrownBy(() -> Body.open(in("not compressed"), "gzip", 10)).isInstanceOf(Problem.class);
        var whole = compressed("some words that are cut".getBytes(StandardCharsets.UTF_8));
        var cut = Arrays.copyOf(whole, whole.length - 9);
        try (var body = Body.open(new ByteArrayInputStream(cut), "gzip", 100)) {
            assertThatThrownBy(body::all).isInstanceOf(Problem.class).hasMessageContaining("gzip");
        }
    }

    private static String line(Body body) {
        return new String(
                Objects.requireNonNull(Objects.requireNonNull(body.line(10)).bytes()), StandardCharsets.UTF_8);
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
