package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesAQueryForEachHeadingOfItsOwn() throws Exception {
        assertThat(printed(0, """
                {"_id": "a", "title": "Lift of a wing", "text": "ignored"}
                {"id": "b", "title": "", "headings": ["Baking sour bread"]}
                """))
                .contains("\"query\":\"Lift of a wing\",\"relevant\":{\"a\":1}", "\"relevant\":{\"b\":1}");
    }

    @Test
    void saysWhatIsWrongWithDocuments() throws Exception {
        assertThat(printed(1, "{\"title\": \"No id here\"}")).startsWith("a line has no id");
        assertThat(printed(1, "title")).startsWith("a line is no JSON object");
        assertThat(printed(1, "{\"id\": \"a\", \"title\": \"Wings\"}")).startsWith("no title or heading of");
    }

    private String printed(int exit, String documents) throws Exception {
        var out = new ByteArrayOutputStream();
        var file = Files.writeString(folder.resolve("documents.jsonl"), documents);
        assertThat(StarterCommand.run(file, 10, new PrintStream(out, true, StandardCharsets.UTF_8)))
                .isEqualTo(exit);
        return out.toString(StandardCharsets.UTF_8);
    }
}
