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
import java.util.Objects;
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

    @Test
    void readsFromAFieldOfARecordOrElseOfItsMetadataWhoMaySeeIt(@TempDir Path folder) throws Exception {
        var fields = new SourceManifest.JsonLines("", null, "body", null, List.of());
        var topic = seenBy(new SourceManifest.Kafka(
                List.of("k:1"), "t", null, fields, SourceManifest.Jdbc.Format.text, false, null));
        try (var process = new ParserProcess(folder);
                var reader = new DocumentReader(process, null)) {
            assertThat(readers(reader, topic, "{'body': 'words', 'metadata': {'readers': 'group:staff', 'year': 7}}"))
                    .containsExactly("group:staff");
            assertThat(readers(
                            reader,
                            topic,
                            "{'body': 'words', 'readers': 'user:ceo', 'metadata': {'readers': 'everyone'}}"))
                    .as("its own field counts first")
                    .containsExactly("user:ceo");
            assertThat(readers(reader, topic, "{'body': 'words', 'metadata': {'access': 'everyone'}}"))
                    .as("of another field nothing is taken")
                    .isEmpty();
        }
    }

    @Test
    void readsFromAMetaElementOfAnHtmlFileWhoMaySeeIt(@TempDir Path folder) throws Exception {
        var files = seenBy(new SourceManifest.Volume("data", ""));
        try (var process = new ParserProcess(folder);
                var reader = new DocumentReader(process, null)) {
            assertThat(seen(reader, files, "<meta name='readers' content='group:staff'><p>words"))
                    .containsExactly("group:staff");
            assertThat(seen(reader, files, "<meta name='access' content='everyone'><p>words"))
                    .isEmpty();
        }
    }

    private static SourceManifest seenBy(SourceManifest.Location location) {
        return new SourceManifest("seen", location, List.of(), List.of(), null, null)
                .with(new SourceManifest.Access("readers", null));
    }

    private static List<String> readers(DocumentReader reader, SourceManifest source, String json) throws Exception {
        var bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return readers(
                reader.read(source, new Entry.Line("a", "1", Path.of("none"), 0, bytes.length, null), bytes, null));
    }

    private static List<String> seen(DocumentReader reader, SourceManifest source, String html) throws Exception {
        var bytes = html.getBytes(StandardCharsets.UTF_8);
        var entry = new Entry.File("a.html", "1", OptionalLong.of(bytes.length), null);
        return readers(reader.read(source, entry, bytes, null));
    }

    private static List<String> readers(SourceDocument document) {
        assertThat(document.parsed().text()).startsWith("words");
        assertThat(document.parsed().metadata()).doesNotContainKey("readers");
        return Objects.requireNonNull(document.acl()).principals();
    }

    private static SourceDocument read(DocumentReader reader, String name) throws Exception {
        var bytes = "words".getBytes(StandardCharsets.UTF_8);
        var entry = new Entry.File(name, "1", OptionalLong.of(bytes.length), null);
        return reader.read(SOURCE, entry, bytes, null);
    }
}
