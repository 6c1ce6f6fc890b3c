package dev.concordance.search.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Limits;
import dev.concordance.manifest.RoutingTable.Mode;
import dev.concordance.manifest.RoutingTable.Retrieval;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.manifest.RoutingTable.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutingFileTest {
    private static final Limits LIMITS = new Limits(10, 1_000, 1_000, 4);

    @TempDir
    private Path folder;

    private RoutingFile file;

    @BeforeEach
    void open() {
        file = new RoutingFile(folder.resolve("routing.json"));
    }

    @Test
    void givesATableOnceForEachChange() throws Exception {
        link(table("a"));
        assertThat(file.change())
                .hasValueSatisfying(
                        table -> assertThat(table.route("docs", "a")).isNotNull());
        assertThat(file.change()).isEmpty();
        link(table("b"));
        assertThat(file.change())
                .hasValueSatisfying(
                        table -> assertThat(table.route("docs", "b")).isNotNull());
        link(table("b"));
        assertThat(file.change()).as("another file with the same content").isEmpty();
    }

    @Test
    void complainsOnceOfEachBrokenContentAndAlwaysOfAFileThatIsGone() throws Exception {
        assertThatThrownBy(() -> file.change()).hasMessageContaining("can't be read");
        assertThatThrownBy(() -> file.change()).hasMessageContaining("can't be read");
        link("{\"anonymous\": ");
        assertThatThrownBy(() -> file.change()).hasMessageContaining("not as expected");
        assertThat(file.change()).isEmpty();
        link(table("a"));
        assertThat(file.change()).isPresent();
    }

    @Test
    void refusesWhatContradictsItselfOrIsNotWhole() throws Exception {
        assertThat(complaint("null")).contains("empty");
        assertThat(complaint("{}")).contains("not as expected");
        assertThat(complaint("{\"tokens\":[],\"routes\":[]}")).contains("limits");
        assertThat(
                        complaint(
                                "{\"tokens\":[],\"routes\":[{\"corpus\":\"x\",\"models\":[],\"metadata\":[]}],"
                                        + "\"limits\":{\"maxK\":1,\"maxRequestBytes\":1,\"requestTimeoutMillis\":1,\"maxConcurrent\":1}}"))
                .contains("a route lacks");
        assertThat(complaint(json(
                        new RoutingTable(true, List.of(new Token("a", "m", "k", List.of("*"))), List.of(), LIMITS))))
                .contains("one of the two");
        assertThat(complaint(json(new RoutingTable(true, List.of(), List.of(route("a"), route("a")), LIMITS))))
                .contains("two routes to the corpus a");
        assertThat(complaint(json(new RoutingTable(true, List.of(), List.of(), new Limits(0, 1, 1, 1)))))
                .contains("limits");
    }

    private String complaint(String content) throws Exception {
        link(content);
        try {
            return "accepted " + file.change();
        } catch (RoutingFile.Broken e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** As the kubelet does it: the file is a link by way of another link, which is moved. */
    private void link(String content) throws Exception {
        var version = Files.createTempDirectory(folder, "..v");
        Files.writeString(version.resolve("routing.json"), content);
        Files.createSymbolicLink(folder.resolve("..tmp"), version.getFileName());
        Files.move(
                folder.resolve("..tmp"),
                folder.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        if (!Files.exists(folder.resolve("routing.json"))) {
            Files.createSymbolicLink(folder.resolve("routing.json"), Path.of("..data", "routing.json"));
        }
    }

    private static String table(String corpus) throws Exception {
        return json(new RoutingTable(true, List.of(), List.of(route(corpus)), LIMITS));
    }

    private static String json(RoutingTable table) throws Exception {
        return ManifestJson.mapper().writeValueAsString(table);
    }

    private static Route route(String corpus) {
        return new Route(
                "docs",
                corpus,
                "cc-docs." + corpus,
                new ElasticsearchAccess(List.of("http://127.0.0.1:9200"), null, null),
                List.of(),
                List.of(),
                new Retrieval(Mode.hybrid, Fusion.weighted, 0.5, 0.5, 60));
    }
}
