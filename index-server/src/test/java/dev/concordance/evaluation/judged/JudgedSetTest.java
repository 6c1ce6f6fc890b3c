package dev.concordance.evaluation.judged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.evaluation.judged.JudgedSet.Limits;
import dev.concordance.evaluation.measure.Excerpt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgedSetTest {
    private static final Limits FEW = new Limits(3, 2);

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
        qrels("1\td1\t2\n1\td2\t0\n3\td1\t0\n");
    }

    @Test
    void readsTheQueriesThatHaveARelevantDocument() {
        var set = JudgedSet.ofBeir(folder, "test", FEW);
        assertThat(set.queries()).singleElement().satisfies(query -> {
            assertThat(query.text()).isEqualTo("first");
            assertThat(query.judgments().grades()).containsEntry("d1", 2).containsEntry("d2", 0);
        });
        assertThat(set.withoutRelevant()).isEqualTo(1);
    }

    @Test
    void readsAQueryALine() throws Exception {
        var set = JudgedSet.ofJsonl(jsonl("""
                {"id": "1", "query": "first", "relevant": {"d1": 1}, "split": "train"}

                {"id": "2", "query": "zwölf", "spans": [{"documentId": "d2", "start": 3, "end": 9}], "synthetic": true}
                """), FEW);
        assertThat(set.split("train").queries()).extracting(JudgedQuery::id).containsExactly("1");
        assertThat(set.split("test").queries()).singleElement().satisfies(query -> {
            assertThat(query.excerpts()).containsExactly(new Excerpt("d2", 3, 9));
            assertThat(query.judgments().grades()).containsEntry("d2", 1);
            assertThat(query.synthetic()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            9 d1 1 | line 2 is not query-id, corpus-id and score
            9\td1\t1 | line 2 judges the query 9, which queries.jsonl doesn't have
            1\td1\tmuch | line 2 is not query-id
            1\td1\t-1 | line 2 grades d1 with -1
            1\td1\t1~1\td1\t1 | line 3 judges d1 for the query 1 again
            1\td1\t1~1\td2\t1~1\td3\t1 | line 4 is one judgment more than the 2
            1\td1\t0 | has no query with a relevant document
            """)
    void saysWhatIsWrongWithJudgments(String lines, String complaint) throws Exception {
        qrels(lines.replace('~', '\n').replace("\\t", "\t"));
        assertThatThrownBy(() -> JudgedSet.ofBeir(folder, "test", FEW)).hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [] | line 1 is not a JSON object
            {"id": "1", "query": "q", "relevant": {"d": 1}} x | line 1 is not a JSON object
            {"query": "q", "relevant": {"d": 1}} | line 1 has no text of at most 512 characters as "id"
            {"id": "1", "query": " ", "relevant": {"d": 1}} | line 1 has no text of at most 4,096 characters as "query"
            {"id": "1", "query": "q", "relevant": ["d"]} | line 1 has "relevant" that is not an object
            {"id": "1", "query": "q", "relevant": {"d": 0.5}} | grades d with 0.5, which is no whole number
            {"id": "1", "query": "q", "relevant": {"d": -2}} | grades d with -2
            {"id": "1", "query": "q", "relevant": {"d": 1, "d": 2}} | line 1 has a field or a judged document twice
            {"id": "1", "query": "q", "relevent": {"d": 1}} | line 1 has the field "relevent", which means nothing
            {"id": "1", "query": "q", "relevant": {"d": 1}, "split": "dev"} | line 1 is of the split "dev"
            {"id": "1", "query": "q", "spans": [{"documentId": "d", "start": 5, "end": 5}]} | line 1 has "spans" with one that is no
            {"id": "1", "query": "q", "relevant": {"d": 1, "e": 1, "f": 1}} | line 1 has more than 2 judgments
            {"id": "1", "query": "q"} | has no query with a relevant document
            """)
    void saysWhatIsWrongWithALine(String line, String complaint) throws Exception {
        assertThatThrownBy(() -> JudgedSet.ofJsonl(jsonl(line + "\n"), FEW)).hasMessageContaining(complaint);
    }

    @Test
    void refusesAQueryTwiceAndMoreThanAreRead() throws Exception {
        var query = "{\"id\": \"%d\", \"query\": \"q\", \"relevant\": {\"d\": 1}}\n";
        var twice = jsonl(query.formatted(1) + query.formatted(1));
        assertThatThrownBy(() -> JudgedSet.ofJsonl(twice, FEW))
                .hasMessageContaining("line 2 has the id 1, which an earlier");
        var many = jsonl(query.formatted(1) + query.formatted(2) + query.formatted(3) + query.formatted(4));
        assertThatThrownBy(() -> JudgedSet.ofJsonl(many, FEW))
                .hasMessageContaining("line 4 is one query more than the 3 that are read: draw a sample");
    }

    @Test
    void stopsAtTheLimitOfAMillionQueries() throws Exception {
        var file = folder.resolve("million.jsonl");
        try (var out = Files.newBufferedWriter(file)) {
            for (var i = 0; i < 1_000_000; i++) {
                out.write("{\"id\":\"" + i + "\",\"query\":\"q\",\"relevant\":{\"d\":1}}\n");
            }
        }
        assertThatThrownBy(() -> JudgedSet.ofJsonl(file, Limits.DEFAULT))
                .hasMessageContaining("line 100,001 is one query more than the 100,000");
    }

    @Test
    void refusesWhatIsNotTextAndLinesWithoutEnd() throws Exception {
        var file = folder.resolve("set.jsonl");
        Files.write(file, new byte[] {'{', (byte) 0xC3, '(', '\n'});
        assertThatThrownBy(() -> JudgedSet.ofJsonl(file, FEW)).hasMessageContaining("line 1 is not UTF-8");
        Files.writeString(file, "\n" + "x".repeat(Lines.LONGEST + 1));
        assertThatThrownBy(() -> JudgedSet.ofJsonl(file, FEW)).hasMessageContaining("line 2 is longer than");
        assertThatThrownBy(() -> JudgedSet.ofBeir(folder, "dev", FEW)).hasMessageContaining("there is no file");
    }

    @Test
    void knowsAFileByItsHash() throws Exception {
        var file = folder.resolve("abc");
        Files.write(file, "abc".getBytes(StandardCharsets.UTF_8));
        JudgedSet.verify(file, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
        assertThatThrownBy(() -> JudgedSet.verify(file, "00")).hasMessageContaining("has the SHA-256 ba7816bf");
    }

    @Test
    void namesWhatIsGoneAndMeasuresTheRest() throws Exception {
        var set = JudgedSet.ofJsonl(jsonl("""
                {"id": "1", "query": "one", "relevant": {"d1": 1, "d2": 1}}
                {"id": "2", "query": "two", "relevant": {"d3": 1}}
                """), FEW);
        var left = set.existing(Set.of("d1", "d9"));
        assertThat(left.gone()).containsExactly("d2", "d3");
        assertThat(left.withoutRelevant()).isEqualTo(1);
        assertThat(left.queries())
                .singleElement()
                .satisfies(query -> assertThat(query.judgments().grades()).containsOnlyKeys("d1"));
        assertThatThrownBy(() -> set.existing(Set.of("d9"))).hasMessageContaining("none of the 3 judged documents");
    }

    private Path jsonl(String text) throws Exception {
        return Files.writeString(folder.resolve("set.jsonl"), text);
    }

    private void qrels(String lines) throws Exception {
        Files.writeString(folder.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\n" + lines + "\n");
    }
}
