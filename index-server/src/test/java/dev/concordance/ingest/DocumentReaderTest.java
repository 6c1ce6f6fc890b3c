package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentReaderTest {
    private static final SourceManifest SOURCE =
            new SourceManifest("files", new SourceManifest.Volume("data", ""), List.of(), List.of(), null, null);

    /** Where no process can be started, only what is parsed in this one is read. */
    @Test
    void parsesHereOnlyWhatTakesOnePassOverTheText(@TempDir Path folder) throws Exception {
        var noFolder = Files.writeString(folder.resolve("file"), "");
        try (var process = new ParserProcess(noFolder);
                var reader = new DocumentReader(process, null)) {
            for (var name : List.of("a.md", "a.html", "a.txt", "A.java", "folder.csv/a")) {
                assertThat(read(reader, name).parsed().text()).as(name).startsWith("words");
            }
            for (var name : List.of("a.csv", "a.TSV", "b/a.adoc", "a.asciidoc", "a.rst", "a.rest")) {
                assertThatThrownBy(() -> read(reader, name)).as(name).isInstanceOf(IOException.class);
            }
        }
    }

    private static SourceDocument read(DocumentReader reader, String name) throws Exception {
        var bytes = "words".getBytes(StandardCharsets.UTF_8);
        var entry = new Entry.File(name, "1", OptionalLong.of(bytes.length), null);
        return reader.read(SOURCE, entry, bytes, null);
    }
}
