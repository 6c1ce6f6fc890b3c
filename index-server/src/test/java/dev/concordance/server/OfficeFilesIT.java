package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.parse.Parser;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.OfficeFiles;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged programs on files of all formats: the worker reads them, the query server finds what is on which page. */
class OfficeFilesIT {
    private static final int HEAP_MEGABYTES = 512;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ENTITIES = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"" + "&a;".repeat(10)
            + "\"><!ENTITY c \"" + "&b;".repeat(10) + "\"><!ENTITY e \"" + "&c;".repeat(10) + "\">]>";
    private static final int PAGES_OF_A_LONG_BOOK = 3_000;

    @TempDir
    private static Path folder;

    private static Guides guide;
    private static ServerProcess server;

    @BeforeAll
    static void ingest() throws Exception {
        guide = new Guides(SharedNode.url(), SmallModel.get(), folder, "office");
        var data = Files.createDirectories(folder.resolve("office"));
        Files.write(data.resolve("report.pdf"), report());
        Files.write(data.resolve("misnamed.txt"), OfficeFiles.pdf("Misnamed", List.of(List.of("An umbrella."))));
        Files.write(
                data.resolve("letter.docx"),
                OfficeFiles.docx(OfficeFiles.paragraph("Heading1", "Garden")
                        + OfficeFiles.paragraph("Normal", "Tulips 🌷 bloom in April.")));
        Files.write(
                data.resolve("deck.pptx"),
                OfficeFiles.pptx(List.of(
                        OfficeFiles.shape("title", "Opening"),
                        OfficeFiles.shape("title", "Harbour") + OfficeFiles.shape("body", "Ships arrive at noon."))));
        Files.write(
                data.resolve("prices.xlsx"), OfficeFiles.xlsx("Prices", List.of("Article", "Price", "Lantern"), """
                        <row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>
                        <row><c t="s"><v>2</v></c><c><v>12.5</v></c></row>"""));
        Files.write(
                data.resolve("note.odt"),
                OfficeFiles.odt("<text:h>Cellar</text:h><text:p>Wine is kept dark.</text:p>"));
        Files.write(data.resolve("book.epub"), OfficeFiles.epub("Tales", List.of("<h1>Wolf</h1><p>A wolf howls.</p>")));
        Files.writeString(data.resolve("table.csv"), "city,river\nParis,Seine\nVienna,Danube\n");
        Files.writeString(data.resolve("guide.adoc"), "= Guide\n\n== Bicycle\n\nOil the chain.\n");
        Files.writeString(data.resolve("guide.rst"), "Guide\n=====\n\nKite\n----\n\nFly it in the wind.\n");
        Files.write(data.resolve("locked.pdf"), OfficeFiles.encryptedPdf("secret"));
        Files.write(data.resolve("bomb.pdf"), OfficeFiles.bombPdf());
        Files.write(data.resolve("bomb.docx"), OfficeFiles.bombDocx());
        Files.write(data.resolve("bomb.xlsx"), OfficeFiles.bombXlsx());
        Files.write(data.resolve("entities.docx"), OfficeFiles.entityDocx(ENTITIES));
        Files.write(data.resolve("pages.pdf"), OfficeFiles.emptyPdf(100_000));
        Files.write(data.resolve("cut.docx"), Arrays.copyOf(OfficeFiles.docx(""), 200));
        guide.corpus().create(Corpora.manifest(1));
        try (var process = start(guide.corpus(), "r1")) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
            assertThat(process.log()).noneMatch(line -> line.contains("Tulips"));
        }
        guide.point(1, 0);
        server = ServerProcess.start(
                folder,
                Guides.anonymous(
                        Guides.limits(), guide.route(SharedNode.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest())),
                List.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void givesThePageOfAPassage() {
        var hit = best("Where do pelicans nest?");
        assertThat(hit.path("documentId").asText()).isEqualTo("report.pdf");
        assertThat(hit.path("title").asText()).isEqualTo("The report");
        assertThat(hit.path("headings").path(0).asText()).isEqualTo("Birds");
        assertThat(hit.path("pages").path("first").asInt()).isEqualTo(3);
        assertThat(hit.path("pages").path("last").asInt()).isEqualTo(3);
        assertThat(best("When do ships arrive?").path("pages").path("first").asInt())
                .isEqualTo(2);
        assertThat(best("When do tulips bloom?").has("pages")).isFalse();
    }

    @Test
    void findsWhatStandsInEachFormat() {
        assertThat(best("umbrella").path("documentId").asText()).isEqualTo("misnamed.txt");
        assertThat(best("tulips").path("headings").path(0).asText()).isEqualTo("Garden");
        assertThat(best("price of a lantern").path("documentId").asText()).isEqualTo("prices.xlsx");
        assertThat(best("wine").path("headings").path(0).asText()).isEqualTo("Cellar");
        assertThat(best("howling wolf").path("title").asText()).isEqualTo("Tales");
        assertThat(best("river of Vienna").path("headings").path(0).asText()).isEqualTo("city | river");
        assertThat(best("bicycle chain").path("headings").path(1).asText()).isEqualTo("Bicycle");
        assertThat(best("kite in the wind").path("headings").path(1).asText()).isEqualTo("Kite");
    }

    @Test
    void quarantinesWhatCantBeReadAndNothingElse() {
        var quarantined = new TreeSet<String>();
        hits(guide.names().manifest(1), "{\"term\":{\"state\":\"Quarantined\"}}")
                .forEach(record -> quarantined.add(record.path("documentId").asText() + " "
                        + record.path("reason").asText()));
        assertThat(quarantined)
                .containsExactly(
                        "bomb.docx TooLarge",
                        "bomb.pdf ParserCrashed",
                        "bomb.xlsx TooLarge",
                        "cut.docx CorruptDocument",
                        "entities.docx CorruptDocument",
                        "locked.pdf Encrypted",
                        "pages.pdf TooLarge");
    }

    @Test
    void givesForEachPassageItsExactPlaceInTheDecodedText() throws Exception {
        var seen = new TreeSet<String>();
        for (var chunk : hits(guide.names().generation(1), "{\"exists\":{\"field\":\"documentId\"}}")) {
            var id = chunk.path("documentId").asText();
            var text = decoded(id);
            var start = text.offsetByCodePoints(0, chunk.path("start").asInt());
            var end = text.offsetByCodePoints(0, chunk.path("end").asInt());
            assertThat(chunk.path("text").asText()).as(id).isEqualTo(text.substring(start, end));
            seen.add(id);
        }
        assertThat(seen).hasSize(10);
    }

    @Test
    void noticesHeadingsAndPagesThatChangeWithoutTheText() throws Exception {
        var changing = new Guides(SharedNode.url(), SmallModel.get(), folder, "changing");
        var data = Files.createDirectories(folder.resolve("changing"));
        var manifest = Corpora.manifest(1);
        changing.corpus().create(manifest);
        Files.write(data.resolve("a.docx"), garden("Normal"));
        Files.write(data.resolve("a.pdf"), OfficeFiles.pdf("T", List.of(List.of("One."), List.of("Two."))));
        changing.corpus().run("first", manifest, List.of());
        Files.write(data.resolve("a.docx"), garden("Heading1"));
        Files.write(data.resolve("a.pdf"), OfficeFiles.pdf("T", List.of(List.of("One."), List.of(), List.of("Two."))));
        assertThat(changing.corpus().run("second", manifest, List.of()).updated())
                .isEqualTo(2);
    }

    private static byte[] garden(String style) {
        return OfficeFiles.docx(
                OfficeFiles.paragraph(style, "Garden") + OfficeFiles.paragraph("Normal", "Tulips bloom in April."));
    }

    @Test
    void leavesNoProcessBehindWhenItIsKilledAndGoesOnAfterwards() throws Exception {
        var longer = new Guides(SharedNode.url(), SmallModel.get(), folder, "long");
        var data = Files.createDirectories(folder.resolve("long"));
        Files.write(
                data.resolve("book.pdf"),
                OfficeFiles.pdf(
                        "Long", Collections.nCopies(PAGES_OF_A_LONG_BOOK, List.of("Same words on each page."))));
        Files.write(data.resolve("report.pdf"), report());
        longer.corpus().create(Corpora.manifest(1));
        try (var process = start(longer.corpus(), "killed")) {
            await(() -> !parsers(folder.resolve("long-work")).isEmpty());
            process.kill();
        }
        await(() -> parsers(folder.resolve("long-work")).isEmpty());
        try (var process = start(longer.corpus(), "resumed")) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
        }
        longer.send("POST", "/" + longer.names().manifest(1) + "/_refresh", null);
        var states = new ArrayList<String>();
        for (var record : hits(longer.names().manifest(1), "{\"match_all\":{}}")) {
            states.add(record.path("documentId").asText() + " "
                    + record.path("state").asText());
        }
        assertThat(states).containsExactlyInAnyOrder("book.pdf Indexed", "report.pdf Indexed");
        assertThat(parsers(folder.resolve("long-work"))).isEmpty();
    }

    private static byte[] report() {
        return OfficeFiles.pdf(
                "The report",
                List.of(
                        List.of("#Introduction", "This report is about animals."),
                        List.of("#Fish", "Salmon swim upstream."),
                        List.of("#Birds", "Pelicans nest on the island.")));
    }

    private static IngestProcess start(Corpora corpus, String run) throws IOException {
        var asked = corpus.specification(run, Corpora.manifest(1), List.of(), List.of(corpus.source()));
        var specification = new RunSpecification(
                asked.run(),
                asked.mode(),
                asked.names(),
                asked.manifest(),
                asked.reuseGenerations(),
                asked.sources(),
                asked.elasticsearch(),
                new RunSpecification.Limits(10 << 20, 5_000, 100, 2),
                asked.deletionGuard());
        return IngestProcess.start(
                specification, corpus.workspace(), List.of("data=" + corpus.mount()), HEAP_MEGABYTES);
    }

    private static String decoded(String id) throws Exception {
        var bytes = Files.readAllBytes(folder.resolve("office").resolve(id));
        var parsed = OfficeFormats.isOne(id, bytes) ? OfficeFormats.read(id, bytes) : Parser.parse(id, bytes);
        return parsed.origin().source();
    }

    private static JsonNode best(String query) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("query", query).put("k", 1);
        var answer = server.search("office", body.toString());
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body().path("hits").path(0);
    }

    private static List<JsonNode> hits(String index, String query) {
        try (var connection = guide.corpus().connection()) {
            var body = "{\"size\":1000,\"query\":%s}".formatted(query).getBytes(StandardCharsets.UTF_8);
            var found = new ArrayList<JsonNode>();
            connection
                    .send("POST", "/" + index + "/_search", body)
                    .json()
                    .path("hits")
                    .path("hits")
                    .forEach(hit -> found.add(hit.path("_source")));
            return found;
        }
    }

    /** Processes that parse for a run with this workspace. */
    private static List<ProcessHandle> parsers(Path workspace) {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process)
                        .contains(workspace.resolve("parser").toString()))
                .toList();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    private static void await(BooleanSupplier condition) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
