package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.manifest.Tombstones;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is erased is never shown, though an index that somebody has restored still holds it. */
class ErasedDocumentsIT {
    private static final String UID = "uid";
    private static final int OTHERS = 30;
    private static final Embedder MODEL = SmallModel.get();
    private static Guides guide;
    private static ServerProcess server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        guide = new Guides(SharedNode.url(), MODEL, folder, "erased");
        var data = Files.createDirectories(folder.resolve("erased"));
        for (var i = 0; i < OTHERS; i++) {
            Files.writeString(
                    data.resolve("tenant-%02d.md".formatted(i)),
                    "---\ntenant: %d\nyear: 2020\n---\n# Tenants\n\nThis tenant rents a house, number %d of the street.\n"
                            .formatted(i, i));
        }
        guide.index();
        server = ServerProcess.start(
                folder, Guides.anonymous(Guides.limits(), route(Tombstones.NONE)), List.of("model=" + folder));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void hidesDocumentsByIdAndPutsOthersInTheirPlaces() throws IOException {
        var before = found("hybrid", 10);
        assertThat(before).hasSize(10);
        erase(new Tombstone(UID, List.of(), documents(before.subList(0, 5)), List.of(), List.of()));
        for (var mode : List.of("hybrid", "lexical", "semantic")) {
            assertThat(found(mode, 10)).hasSize(10).doesNotContainAnyElementsOf(before.subList(0, 5));
        }
    }

    @Test
    void hidesDocumentsByTheirKeysUrisAndMetadata() throws IOException {
        erase(new Tombstone(
                UID,
                List.of(dev.concordance.index.DocumentKey.of("files", "tenant-01.md")),
                List.of(),
                List.of("https://example.org/tenant-02.md"),
                List.of(
                        Map.of("tenant", "3"),
                        Map.of("tenant", "4", "year", "2020"),
                        Map.of("tenant", "5", "year", "1999"))));
        assertThat(found("lexical", OTHERS))
                .hasSize(OTHERS - 4)
                .doesNotContain("tenant-01.md", "tenant-02.md", "tenant-03.md", "tenant-04.md")
                .contains("tenant-05.md");
    }

    @Test
    void showsNothingWhereAllIsErased() throws IOException {
        erase(new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("year", "2020"))));
        assertThat(found("hybrid", 50)).noneMatch(id -> id.startsWith("tenant"));
    }

    @Test
    void showsThemAgainWhenTheirErasureHasGone() throws IOException {
        erase(new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("year", "2020"))));
        route(guide.route(SharedNode.url(), MODEL.manifest()));
        server.await(() -> found("lexical", OTHERS).size() == OTHERS);
    }

    private static List<NamedDocument> documents(List<String> ids) {
        return ids.stream().map(id -> new NamedDocument(id, null)).toList();
    }

    private static RoutingTable.Route route(Tombstones tombstones) {
        return guide.route(SharedNode.url(), MODEL.manifest()).without(tombstones);
    }

    private static void erase(Tombstone tombstone) throws IOException {
        route(route(Tombstones.of(List.of(tombstone))));
    }

    /** Serves this route, and waits until it does. */
    private static void route(RoutingTable.Route route) throws IOException {
        var loads = loads();
        server.route(Guides.anonymous(Guides.limits(), route));
        server.await(() -> loads() > loads);
    }

    private static long loads() {
        try {
            return server.log()
                    .lines()
                    .filter(line -> line.contains("routing loaded"))
                    .count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> found(String mode, int k) {
        var answer = server.search(
                "erased",
                "{\"query\":\"which tenant rents a house of the street\",\"k\":%d,\"mode\":\"%s\"}".formatted(k, mode));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var ids = new ArrayList<String>();
        answer.body().path("hits").forEach(hit -> ids.add(hit.path("documentId").asText()));
        return ids;
    }
}
