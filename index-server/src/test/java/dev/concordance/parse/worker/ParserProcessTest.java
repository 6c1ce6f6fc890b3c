package dev.concordance.parse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.Block;
import dev.concordance.parse.Pages;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.testing.OfficeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserProcessTest {
    private static final byte[] PDF = OfficeFiles.pdf("Title", List.of(List.of("#Head", "Words."), List.of("More.")));

    @TempDir
    private Path workspace;

    @Test
    void givesWhatTheParserGivesInThisProcess() throws Exception {
        try (var process = new ParserProcess(workspace)) {
            var here = OfficeFormats.read("a.pdf", PDF);
            var there = process.parse("a.pdf", PDF);
            assertThat(there.text()).isEqualTo(here.text());
            assertThat(there.title()).isEqualTo(here.title());
            assertThat(there.metadata()).isEqualTo(here.metadata());
            assertThat(there.blocks()).isEqualTo(here.blocks());
            assertThat(there.pages()).isEqualTo(here.pages());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            a.csv  | ~city,river\n"Paris",Seine\n\n"Vienna\n1010",Danube\n~
            a.tsv  | ~1\t2\n3\t4 😀\n~
            a.adoc | ~= The guide\nA. Writer\n:keywords: bikes, chains\n\nIntro.\n\n== Chain\n\n.Oil\n----\noil --all\n----\n\n|===\n|a |b\n|1 |2\n|===\n~
            a.rst  | ~Guide\n=====\n\n:Author: A. Writer\n\nKite\n----\n\nIt says::\n\n    code here\n\nMore 日本.\n~
            """)
    void givesOfTextWhatTheParserGivesInThisProcess(String name, String written) throws Exception {
        var bytes = written.translateEscapes().getBytes(StandardCharsets.UTF_8);
        try (var process = new ParserProcess(workspace)) {
            var here = Parser.parse(name, bytes);
            var there = process.parse(name, bytes);
            assertThat(there.text()).isEqualTo(here.text());
            assertThat(there.origin().source()).isEqualTo(here.origin().source());
            assertThat(there.title()).isEqualTo(here.title());
            assertThat(there.metadata()).isEqualTo(here.metadata());
            assertThat(there.blocks()).isEqualTo(here.blocks()).hasSizeGreaterThan(1);
            assertThat(there.pages()).isEqualTo(here.pages());
        }
    }

    @Test
    void refusesTextInsideTheProcessAsOutside() throws Exception {
        try (var process = new ParserProcess(workspace)) {
            var lines = "a,b\n".repeat(200_001).getBytes(StandardCharsets.UTF_8);
            refuses(QuarantineReason.TooLarge, "200001 lines", () -> process.parse("a.csv", lines));
            refuses(QuarantineReason.Binary, "", () -> process.parse("a.rst", new byte[] {'a', 0, 'b'}));
            var adornments = new StringBuilder();
            for (var c : "=-`:'\"~^_*+#<>.!$%&(),/;?@[]{|}".toCharArray()) {
                adornments.append("Head\n").append(String.valueOf(c).repeat(4)).append("\n\nWords.\n\n");
            }
            assertThat(process.parse("a.rst", adornments.toString().getBytes(StandardCharsets.UTF_8))
                            .blocks())
                    .hasSizeGreaterThan(40)
                    .allMatch(block -> block.headings().size() <= 20);
        }
    }

    @Test
    void bringsBackWhatReadersDoNotSee() throws Exception {
        var book = OfficeFiles.epub("Tales", List.of("<p>Seen <b style=\"display:none\">and unseen</b> words.</p>"));
        try (var process = new ParserProcess(workspace)) {
            var there = process.parse("a.epub", book);
            assertThat(there.hidden())
                    .isEqualTo(OfficeFormats.read("a.epub", book).hidden())
                    .hasSize(1);
        }
    }

    @Test
    void startsAtTheFirstDocumentAndEndsWithTheRun() throws Exception {
        try (var process = new ParserProcess(workspace)) {
            assertThat(children()).isEmpty();
            process.parse("a.pdf", PDF);
            var first = children();
            assertThat(first).hasSize(1);
            process.parse("b.pdf", PDF);
            assertThat(children()).isEqualTo(first);
        }
        assertThat(children()).isEmpty();
    }

    @Test
    void costsADocumentThatLoopsNothingButItself() throws Exception {
        try (var process = misbehaving(Duration.ofSeconds(3))) {
            process.parse("a.pdf", PDF);
            var first = children();
            refuses(QuarantineReason.ParserTimeout, "within 3 s", () -> process.parse("loops", PDF));
            assertThat(process.parse("b.pdf", PDF).text()).contains("Words.");
            assertThat(children()).hasSize(1).isNotEqualTo(first);
        }
    }

    @Test
    void costsADocumentThatEndsTheProcessNothingButItself() throws Exception {
        try (var process = misbehaving(Duration.ofMinutes(1))) {
            process.parse("a.pdf", PDF);
            refuses(QuarantineReason.ParserCrashed, "out of memory", () -> process.parse("eats", PDF));
            assertThat(process.parse("b.pdf", PDF).text()).contains("Words.");
            refuses(QuarantineReason.ParserCrashed, "exit code 42", () -> process.parse("exits", PDF));
            assertThat(process.parse("c.pdf", PDF).text()).contains("Words.");
        }
    }

    @Test
    void believesNoAnswerThatIsNone() throws Exception {
        try (var process = misbehaving(Duration.ofMinutes(1))) {
            refuses(QuarantineReason.ParserCrashed, "answer was none", () -> process.parse("rubbish", PDF));
            refuses(QuarantineReason.ParserCrashed, "answer was none", () -> process.parse("endless", PDF));
            assertThat(process.parse("prints", PDF).text()).contains("Words.");
        }
    }

    @Test
    void tellsWhatFailedWithoutTheDocumentsWords() throws Exception {
        try (var process = misbehaving(Duration.ofMinutes(1))) {
            refuses(QuarantineReason.TooDeeplyNested, "nested too deeply", () -> process.parse("recurses", PDF));
            assertThatThrownBy(() -> process.parse("fails", PDF))
                    .isInstanceOfSatisfying(UnreadableDocument.class, e -> {
                        assertThat(e.reason()).isEqualTo(QuarantineReason.ParserFailed);
                        assertThat(e)
                                .hasMessageContaining("IllegalStateException")
                                .hasMessageNotContaining("PDF");
                    });
        }
    }

    @Test
    void givesTheProcessNoEnvironmentButItsLocale() throws Exception {
        var untitled = OfficeFiles.pdf("", List.of(List.of("Words.")));
        try (var process = misbehaving(Duration.ofMinutes(1))) {
            assertThat(process.parse("environment", untitled).title()).isEqualTo("LC_ALL.");
        }
    }

    @Test
    void blamesNoDocumentForAProcessThatDoesNotStart() {
        try (var process = new ParserProcess(workspace, bounds(Duration.ofMinutes(1)), "no.such.Program")) {
            assertThatThrownBy(() -> process.parse("a.pdf", PDF))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("doesn't start");
        }
    }

    @Test
    void endsWhoeverIsInterruptedAndItsProcess() throws Exception {
        try (var process = misbehaving(Duration.ofMinutes(1))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> process.parse("loops", PDF)).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(children()).isEmpty();
        }
    }

    @Test
    void outlivesAFileThatUnpacksToMoreThanMemory() throws Exception {
        try (var process = new ParserProcess(workspace, bounds(Duration.ofMinutes(1)), ParserMain.class.getName())) {
            refuses(
                    QuarantineReason.ParserCrashed,
                    "out of memory",
                    () -> process.parse("bomb.pdf", OfficeFiles.bombPdf()));
            assertThat(process.parse("a.pdf", PDF).text()).contains("Words.");
        }
    }

    @Test
    void tellsThatAFileIsCutOff() throws Exception {
        var cut = Arrays.copyOf(OfficeFiles.docx(""), 200);
        try (var process = new ParserProcess(workspace)) {
            refuses(QuarantineReason.CorruptDocument, "broken or cut off", () -> process.parse("a.docx", cut));
        }
    }

    @Test
    void refusesBombsInsideTheProcess() throws Exception {
        try (var process = new ParserProcess(workspace)) {
            var bomb = OfficeFiles.bombDocx();
            refuses(QuarantineReason.TooLarge, "unpacks to more", () -> process.parse("bomb.docx", bomb));
        }
    }

    @Test
    void refusesTextAndHeadingsThatAreTooMuchForAReply() throws Exception {
        var fits = "x".repeat(Exchange.LARGEST_REPLY - 1_000);
        assertThat(Exchange.document(Exchange.reply(document(fits, List.of()))).text())
                .hasSize(fits.length());
        var text = "x".repeat(Exchange.LARGEST_REPLY);
        refuses(
                QuarantineReason.TooLarge,
                "text and headings are too much",
                () -> Exchange.document(Exchange.reply(document(text, List.of()))));
        var blocks = IntStream.range(0, 40_000)
                .mapToObj(i -> new Block(Block.Kind.PROSE, i, i + 1, i, List.of("%01000d".formatted(i))))
                .toList();
        refuses(
                QuarantineReason.TooLarge,
                "text and headings are too much",
                () -> Exchange.document(Exchange.reply(document("x".repeat(blocks.size()), blocks))));
    }

    private static ParsedDocument document(String text, List<Block> blocks) {
        return ParsedDocument.ofDecoded(text, "Title", blocks, Pages.NONE, List.of());
    }

    private ParserProcess misbehaving(Duration patience) {
        return new ParserProcess(workspace, bounds(patience), MisbehavingParser.class.getName());
    }

    private static ParserProcess.Bounds bounds(Duration patience) {
        return new ParserProcess.Bounds(patience, 64);
    }

    /** Processes that this one has started and that parse. */
    private List<Long> children() {
        return ProcessHandle.current()
                .children()
                .filter(child -> isParser(child.pid()))
                .map(ProcessHandle::pid)
                .toList();
    }

    private boolean isParser(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(workspace.toString());
        } catch (IOException gone) {
            return false;
        }
    }

    private static void refuses(QuarantineReason reason, String message, ThrowingCallable parsing) {
        assertThatThrownBy(parsing)
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
