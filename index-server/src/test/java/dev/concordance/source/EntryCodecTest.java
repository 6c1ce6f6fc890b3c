package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.QuarantineReason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    @Test
    void readsWhatItWrote() throws IOException {
        var noon = Instant.parse("2026-05-04T12:00:00.000000001Z");
        var entries = List.of(
                new Entry.File("a", "1", OptionalLong.of(7), noon),
                new Entry.File("b", "1", OptionalLong.empty(), null),
                new Entry.Row("c", "1", 7, noon),
                new Entry.Row("d", "1", 7, null),
                new Entry.Page("e", "1", "e.html", 9, 8, noon),
                new Entry.Page("f", "1", "f.html", -1, 0, null),
                new Entry.Line("g", "1", Path.of("all.jsonl"), 9, 8, Instant.MIN),
                new Entry.Line("h", "1", Path.of("all.jsonl"), 9, 8, Instant.MAX),
                new Entry.Unreadable("i", "1", QuarantineReason.TooLarge, "too large"),
                new Entry.Gone("j"));
        var bytes = new ByteArrayOutputStream();
        var codec = new EntryCodec();
        for (var entry : entries) {
            codec.write(entry, new DataOutputStream(bytes));
        }
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        for (var entry : entries) {
            assertThat(codec.read(in)).isEqualTo(entry);
        }
        assertThat(in.available()).isZero();
    }
}
