package dev.concordance.operator.elastic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.ManifestJson;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiskRoomTest {
    /** Of two disks of 100 GiB, of which 40 and 10 GiB are free. */
    @ParameterizedTest
    @CsvSource({"85%,200gb,25", "85%,2gb,46", "0.85,,25", "20gb,,20", "500mb,,49", "95%,,40"})
    void keepsFreeWhatTheLowWatermarkSays(String watermark, String headroom, long gib) throws Exception {
        assertThat(room(watermark, headroom == null ? "" : headroom).map(bytes -> bytes / (1L << 30)))
                .contains(gib);
    }

    @Test
    void isUnknownWhereThereAreNoWatermarks() throws Exception {
        var settings = "{\"persistent\":{\"cluster.routing.allocation.disk.threshold_enabled\":\"false\"}}";
        assertThat(room(settings)).isEmpty();
        assertThat(room("odd", "")).isEmpty();
    }

    @Test
    void takesWhatIsSetBeforeWhatIsTheDefault() throws Exception {
        var settings = "{\"defaults\":{\"cluster.routing.allocation.disk.watermark.low\":\"85%\"},"
                + "\"persistent\":{\"cluster.routing.allocation.disk.watermark.low\":\"5gb\"}}";
        assertThat(room(settings)).contains(40L << 30);
    }

    private static Optional<Long> room(String watermark, String headroom) throws JsonProcessingException {
        return room(("{\"defaults\":{\"cluster.routing.allocation.disk.threshold_enabled\":\"true\","
                        + "\"cluster.routing.allocation.disk.watermark.low\":\"%s\","
                        + "\"cluster.routing.allocation.disk.watermark.low.max_headroom\":\"%s\"}}")
                .formatted(watermark, headroom));
    }

    private static Optional<Long> room(String settings) throws JsonProcessingException {
        var stats = "{\"nodes\":{" + node("a", 40) + "," + node("b", 10) + "}}";
        return DiskRoom.of(
                ManifestJson.mapper().readTree(stats), ManifestJson.mapper().readTree(settings));
    }

    private static String node(String name, long free) {
        return "\"%s\":{\"fs\":{\"total\":{\"total_in_bytes\":%d,\"available_in_bytes\":%d}}}"
                .formatted(name, 100L << 30, free << 30);
    }
}
