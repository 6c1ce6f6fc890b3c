package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedQueriesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.createDirectories(folder.resolve("qrels"));
        Files.writeString(folder.resolve("queries.jsonl"), """
                {"_id": "1", "text": "first", "metadata": {}}
                {"_id": "2", "text": "without judgment"}
                {"_id": "3", "text": "nothing relevant"}
                """);
        Files.writeString(
                folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\n1\td1\t2\n1\td2\t0\n3\td1\t0\n");
    }

    @Test
    void readsTheQueriesThatHaveARelevantDocument() {
        var judged = JudgedQueries.read(folder, "test");
        assertThat(judged).singleElement().satisfies(query -> {
            assertThat(query.text()).isEqualTo("first");
            assertThat(query.grades()).containsEntry("d1", 2).containsEntry("d2", 0);
        });
    }

    @Test
    void saysWhatIsWrongWithAFolder() throws Exception {
        assertThatThrownBy(() -> JudgedQueries.read(folder, "train")).hasMessageContaining("there is no file");
        Files.writeString(folder.resolve("qrels/train.tsv"), "query-id\tcorpus-id\tscore\n1 d1 2\n");
        assertThatThrownBy(() -> JudgedQueries.read(folder, "train")).hasMessageContaining("1 d1 2");
        Files.writeString(folder.resolve("queries.jsonl"), "{\"text\": \"no id\"}");
        assertThatThrownBy(() -> JudgedQueries.read(folder, "test")).hasMessageContaining("no query with _id");
    }
}
