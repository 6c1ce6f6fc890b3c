package dev.concordance.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.node.image.ImageStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageIT {
    private static final int MODE_BITS = 07777;
    private static final int FILE = 0644;
    private static final int FOLDER = 0755;
    private static final long OWN_CODE = 8L << 20;
    private static final Map<String, ImageArchive> OPENED = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"operator", "index-server"})
    void runsJavaDirectlyAsAUserWithoutRights(String module) throws IOException {
        var image = archive(module);
        var config = image.configuration().path("config");

        assertThat(image.name()).matches("concordance/" + module + ":[0-9]+\\.[0-9]+\\.[0-9]+.*");
        assertThat(config.path("User").asText()).isEqualTo("65532:65532");
        var entrypoint = texts(config.path("Entrypoint"));
        assertThat(entrypoint)
                .containsExactly(
                        "java", "@/app/jvm.options", "-XX:AOTCache=/app/app.aot", "-jar", "/app/quarkus-run.jar");
        assertThat(config.path("Volumes")).isEmpty();
        assertThat(texts(config.path("Env"))).contains("LC_ALL=C.UTF-8");
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.version")
                        .asText())
                .isEqualTo(image.name().substring(image.name().indexOf(':') + 1));
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.base.name")
                        .asText())
                .isEqualTo("scratch");
    }

    @Test
    void endsAServerWithoutMemoryUnlessItsPodSaysOtherwise() throws IOException {
        assertThat(texts(archive("index-server").configuration().path("config").path("Env")))
                .contains("JDK_JAVA_OPTIONS=-XX:+ExitOnOutOfMemoryError");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "index-server"})
    void holdsNothingThatItsUserCanChange(String module) throws IOException {
        var entries = archive(module).layers().stream().flatMap(List::stream).toList();

        assertThat(entries).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.getName()).startsWith("app/");
            assertThat(entry.isFile() || entry.isDirectory())
                    .as(entry.getName())
                    .isTrue();
            assertThat(entry.getLongUserId()).isZero();
            assertThat(entry.getMode() & MODE_BITS).as(entry.getName()).isEqualTo(entry.isDirectory() ? FOLDER : FILE);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "index-server"})
    void keepsItsOwnCodeApartFromLibrariesSoThatAnUpdateIsSmall(String module) throws IOException {
        var layers = archive(module).layers();

        assertThat(layers).hasSize(3);
        assertThat(names(layers.getFirst()))
                .contains("app/lib/boot/", "app/lib/main/")
                .noneMatch(name -> name.contains("dev.concordance") || name.contains("concordance-" + module));
        assertThat(names(layers.get(1)))
                .contains("app/quarkus-run.jar", "app/jvm.options")
                .anyMatch(name -> name.matches("app/app/concordance-" + module + "-.*\\.jar"));
        assertThat(layers.get(1).stream().mapToLong(TarArchiveEntry::getSize).sum())
                .isLessThan(OWN_CODE);
        assertThat(names(layers.getLast()))
                .filteredOn(name -> !name.endsWith("/"))
                .containsExactly("app/app.aot");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "index-server"})
    void knowsNoTimeOfItsBuild(String module) throws IOException {
        var image = archive(module);

        assertThat(image.configuration().path("created").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(image.layers())
                .allSatisfy(layer -> assertThat(layer)
                        .allSatisfy(
                                entry -> assertThat(entry.getLastModifiedTime().toInstant())
                                        .isEqualTo(Instant.ofEpochSecond(1))));
    }

    @Test
    void startsFromTheCacheThatItBrings(@TempDir Path folder) throws Exception {
        var archive = ApiServer.ROOT.resolve("index-server/target/index-server-image.tar");
        var app = new ImageStore(folder, Map.of("index-server:1", archive))
                .find("index-server:1")
                .orElseThrow()
                .root()
                .resolve("app");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + app.resolve("jvm.options"),
                        "-XX:AOTCache=" + app.resolve("app.aot"),
                        "-XX:AOTMode=on",
                        "-jar",
                        app.resolve("quarkus-run.jar").toString(),
                        "evaluate")
                .redirectErrorStream(true)
                .start();

        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).isEqualToIgnoringNewLines("--url is missing");
    }

    @Test
    void bringsTheBundledModels() throws IOException {
        assertThat(names(archive("index-server").layers().getFirst()))
                .anyMatch(name -> name.contains("bge-small-en-v15-q"))
                .anyMatch(name -> name.contains("all-minilm-l6-v2-q"));
    }

    /** Opened once: they are large. */
    private static ImageArchive archive(String module) throws IOException {
        var opened = OPENED.get(module);
        if (opened == null) {
            opened = ImageArchive.open(ApiServer.ROOT.resolve(module).resolve("target/" + module + "-image.tar"));
            OPENED.put(module, opened);
        }
        return opened;
    }

    private static List<String> names(List<TarArchiveEntry> entries) {
        return entries.stream().map(TarArchiveEntry::getName).toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
