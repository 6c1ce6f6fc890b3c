package dev.concordance.source.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.OfficeFiles;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A website that changes and misbehaves, run after run, in a real index. */
class WebSourceIT {
    private static final int PAGES = 8;
    private final TestSite site = TestSite.start();
    private Corpora corpus;
    private int runs;

    @TempDir
    private Path folder;

    @BeforeEach
    void index() throws IOException {
        var made = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus =
                new Corpora(made.elasticsearch(), made.model(), source(), made.mount(), made.workspace(), made.names());
        corpus.create(Corpora.manifest(1));
        site.links("/", IntStream.range(0, PAGES).mapToObj("/p%d"::formatted).toArray(String[]::new));
        for (var page = 0; page < PAGES; page++) {
            site.page(
                    "/p" + page,
                    "<nav>Menu</nav><main><h1>Page %1$d</h1><p>The words of page %1$d.</main>".formatted(page));
        }
        assertThat(run(1).added()).isEqualTo(PAGES + 1);
        site.forget();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void anUnchangedSiteCostsRequestsAndNothingElse() throws IOException {
        var counts = run(1);
        assertThat(counts.unchanged()).isEqualTo(PAGES + 1);
        assertThat(counts.embedded()).isZero();
        assertThat(site.requests()).hasSize(PAGES + 1);
        assertThat(site.bodies()).isZero();
    }

    @Test
    void indexesTheMainContentUnderTheAddress() {
        assertThat(documents()).containsKey("site:" + site.url("/p1"));
        assertThat(documents().toString()).contains("The words of page 1.").doesNotContain("Menu");
    }

    @Test
    void losesNothingToASiteThatIsAwayFromItsSecondPageOnAndStaysInStepWithTheRest() throws IOException {
        var before = documents();
        site.links("/", "/p0", "/p2", "/p3", "/p4", "/p5", "/p6", "/p7", "/new");
        site.page("/p0", "<main>Changed words.</main>");
        for (var page = 2; page < PAGES; page++) {
            site.status("/p" + page, 503);
        }
        fails(FailureReason.SourceUnreachable, "answered HTTP 503");
        assertThat(documents().keySet()).isEqualTo(before.keySet());
        assertThat(documents().toString()).contains("Changed words.");

        for (var page = 2; page < PAGES; page++) {
            site.page("/p" + page, "<main>Back with page %d.</main>".formatted(page));
        }
        site.page("/new", "<main>New words.</main>");
        var counts = run(1);
        assertThat(counts.deleted()).as("nothing links to it any more").isEqualTo(1);
        assertThat(documents()).hasSize(PAGES + 1).containsKey(id("/new")).doesNotContainKey(id("/p1"));
        assertThat(documents()).as("what a build from nothing gives").isEqualTo(built());
    }

    @Test
    void removesAPageThatIsGoneAndKeepsOneThatIsRefused() throws IOException {
        site.status("/p3", 404);
        assertThat(run(1).deleted()).isEqualTo(1);
        site.status("/p4", 403);
        site.status("/p5", 410);
        fails(FailureReason.SourceUnauthorized, "/p4 may not be read (HTTP 403)");
        assertThat(documents()).containsKeys(id("/p4"), id("/p5")).doesNotContainKey(id("/p3"));
        site.page("/p4", "<main>Given again.</main>");
        run(1);
        assertThat(documents()).containsKey(id("/p4")).doesNotContainKey(id("/p5"));
        assertThat(documents()).isEqualTo(built());
    }

    @Test
    void setsAsideWhatCannotBeADocumentAndIndexesTheRest() throws IOException {
        site.links("/", "/p0", "/" + "x".repeat(8_000), "/large", "/binary", "/loop");
        site.redirect("/loop", "/loop");
        site.page("/large", "<main>" + "Words. ".repeat(200_000));
        site.put("/binary", exchange -> site.send(exchange, "text/html", new byte[] {0, 1, 2, 3}));
        site.page("/p0", "<main>Changed.");
        var counts = run(1);
        assertThat(counts.quarantined()).isEqualTo(3);
        assertThat(counts.updated()).as("the first page and this one").isEqualTo(2);
        assertThat(documents()).containsOnlyKeys(id("/"), id("/p0"));
    }

    @Test
    void readsAPdfThatAPageLinksTo() throws IOException {
        var pdf = OfficeFiles.pdf("", List.of(List.of("#Intake", "Fill in the form."), List.of("Sign it.")));
        site.links("/", "/p0", "/form.pdf", "/download", "/shop/other.pdf", "/not.pdf");
        site.put("/form.pdf", exchange -> site.send(exchange, "application/pdf; charset=ISO-8859-1", pdf));
        site.put("/download", exchange -> site.send(exchange, "application/pdf", pdf));
        site.put("/not.pdf", exchange -> site.send(exchange, "image/png", pdf));
        run(1);
        assertThat(documents()).containsKeys(id("/form.pdf"), id("/download")).doesNotContainKey(id("/not.pdf"));
        assertThat(documents().toString()).contains("Fill in the form.", "Sign it.");
        site.forget();
        assertThat(run(1).embedded()).isZero();
    }

    @Test
    void notesANewEntityTagWithoutEmbedding() throws IOException {
        site.put("/p1", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"another\"");
            if (List.of("\"another\"").equals(exchange.getRequestHeaders().get("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
            } else {
                site.send(
                        exchange,
                        "text/html",
                        "<nav>Menu</nav><main><h1>Page 1</h1><p>The words of page 1.</main>"
                                .getBytes(StandardCharsets.UTF_8));
            }
        });
        assertThat(run(1).embedded()).isZero();
        site.forget();
        run(1);
        assertThat(site.bodies()).isZero();
    }

    @Test
    void readsNoPrivateNetworkUnlessItsNamespaceMay() {
        run(1);
        var before = documents();
        var refused = corpus.specification("refused", Corpora.manifest(1), List.of(), List.of(source(false)));
        assertThatThrownBy(() -> corpus.run(refused))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceInvalid))
                .hasMessageContaining("ingestion.privateNetworkNamespaces");
        assertThat(documents()).isNotEmpty().isEqualTo(before);
    }

    private void fails(FailureReason reason, String says) {
        assertThatThrownBy(() -> run(1))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(says)
                .hasMessageContaining("nothing was deleted");
    }

    private Map<String, ?> built() {
        corpus.create(Corpora.manifest(2));
        run(2);
        return snapshot(2).documents();
    }

    private Counts run(int generation) {
        return corpus.run("run-" + ++runs, Corpora.manifest(generation), List.of());
    }

    private Map<String, ?> documents() {
        return snapshot(1).documents();
    }

    private IndexSnapshot snapshot(int generation) {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(generation));
    }

    private String id(String path) {
        return "site:" + site.url(path);
    }

    private SourceManifest source() {
        return source(true);
    }

    private SourceManifest source(boolean privateNetworks) {
        var web = new SourceManifest.Web(
                List.of(site.url("/")), List.of(), List.of(), 5, 100, 10, null, null, null, privateNetworks);
        return new SourceManifest("site", web, List.of(), List.of(), null, null);
    }
}
