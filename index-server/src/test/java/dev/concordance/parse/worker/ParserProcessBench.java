package dev.concordance.parse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.parse.UnreadableDocument;
import dev.concordance.testing.OfficeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many documents the process parses in a second, and what memory it has then. Started by hand, see docs/benchmarks.md. */
class ParserProcessBench {
    private static final int DOCUMENTS = 500;
    private static final int PAGES = 10;
    private static final int LINES = 40;
    private static final int HEAP_MEGABYTES = 256;
    private static final int MOST_MEGABYTES = 420;

    @TempDir
    private Path workspace;

    @Test
    void parsesDocumentsInLittleMemory() throws Exception {
        var line = "A line of a page has about as many words as this one.";
        var pdf = OfficeFiles.pdf("Title", Collections.nCopies(PAGES, Collections.nCopies(LINES, line)));
        var docx = OfficeFiles.docx(OfficeFiles.paragraph("Normal", line).repeat(PAGES * LINES));
        var bounds = new ParserProcess.Bounds(Duration.ofMinutes(2), HEAP_MEGABYTES);
        try (var process = new ParserProcess(workspace, bounds, ParserMain.class.getName())) {
            var begun = System.nanoTime();
            process.parse("first.pdf", pdf);
            var log = System.getLogger(ParserProcessBench.class.getName());
            log.log(System.Logger.Level.INFO, "first document with the start: {0} ms", millisSince(begun));
            for (var file : List.of("a.pdf", "a.docx")) {
                var bytes = file.endsWith("pdf") ? pdf : docx;
                begun = System.nanoTime();
                for (var i = 0; i < DOCUMENTS; i++) {
                    process.parse(file, bytes);
                }
                log.log(
                        System.Logger.Level.INFO,
                        "{0} documents like {1} in {2} ms; peak resident {3} MiB",
                        DOCUMENTS,
                        file,
                        millisSince(begun),
                        peakMegabytes());
            }
            fill(process);
            log.log(System.Logger.Level.INFO, "large workbooks: peak resident {0} MiB", peakMegabytes());
            assertThat(peakMegabytes()).isLessThan(MOST_MEGABYTES);
        }
    }

    /** Documents that take most of what the process may have. */
    private static void fill(ParserProcess process) throws IOException, UnreadableDocument {
        var row = "<row>" + "<c t=\"s\"><v>0</v></c>".repeat(10) + "</row>";
        var workbook = OfficeFiles.xlsx("Rows", List.of("some words in a cell"), row.repeat(40_000));
        for (var i = 0; i < 5; i++) {
            process.parse("a.xlsx", workbook);
        }
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private long peakMegabytes() throws IOException {
        var parser = ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(workspace.toString()))
                .findFirst()
                .orElseThrow();
        try (var lines = Files.lines(Path.of("/proc/" + parser.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElse(0)
                    >> 10;
        }
    }
}
