package dev.concordance.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.evaluation.compare.Gate;
import dev.concordance.evaluation.compare.Resampling;
import dev.concordance.evaluation.measure.Measure;
import dev.concordance.evaluation.report.EvaluationReport.Asked;
import dev.concordance.evaluation.report.EvaluationReport.Depth;
import dev.concordance.evaluation.report.EvaluationReport.Row;
import dev.concordance.evaluation.report.EvaluationReport.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class EvaluationReportTest {
    private static final Measure NDCG = Measure.parse("ndcg@10");
    private static final Measure SPANS = Measure.parse("chunk-recall@5");
    private static final String HOSTILE = "=cmd|' /C'!A0 \"<script>alert(1)</script>&</td>";

    @Test
    void estimatesEachMeasureOverTheQueriesThatHaveIt() {
        var report = report(0.5, false);
        assertThat(report.measures().getFirst().mean()).isEqualTo(0.5);
        assertThat(report.measures().getFirst().queries()).isEqualTo(40);
        assertThat(report.measures().getLast().queries()).isEqualTo(1);
        assertThat(report.latency().p50()).isEqualTo(20);
        assertThat(report.latency().p99()).isEqualTo(40);
        assertThat(report.summary().rows()).isEmpty();
    }

    @Test
    void isReadAsItWasWritten(@TempDir Path folder) throws Exception {
        var live = report(0.5, false);
        var judged = live.judged(new Gate(NDCG, 0.01, null, 0.95).judge(live.pairs(live, NDCG), new Resampling(1)));
        var file = Files.writeString(folder.resolve("report.json"), judged.json());
        assertThat(EvaluationReport.read(file)).isEqualTo(judged);
        Files.writeString(file, live.json());
        assertThat(EvaluationReport.read(file)).isEqualTo(live);
        Files.writeString(file, "<html>");
        assertThatThrownBy(() -> EvaluationReport.read(file))
                .hasMessageContaining("is no report that --output json wrote");
    }

    @Test
    void comparesOnlyWhatIsOfOneKind() {
        var live = report(0.5, false);
        assertThat(report(0.4, false).pairs(live, NDCG)).hasSize(40).allMatch(pair -> pair.difference() < 0);
        assertThatThrownBy(() -> report(0.5, true).pairs(live, NDCG)).hasMessageContaining("condensed rankings");
        assertThatThrownBy(() -> live.pairs(live, Measure.parse("map"))).hasMessageContaining("no query in common");
        var other = new EvaluationReport(
                "c",
                1,
                "hybrid",
                false,
                1,
                live.set(),
                List.of(),
                List.of(),
                live.latency(),
                List.of(new Row("q0", "another text", 1, Map.of("ndcg@10", 1.0))),
                null);
        assertThatThrownBy(() -> other.pairs(live, NDCG)).hasMessageContaining("the query q0 has another text");
    }

    @Test
    void keepsHostileTextsOutOfMarkupAndFormulas() throws Exception {
        var live = report(0.5, false);
        var report = report(0.4, false);
        var pairs = report.pairs(live, NDCG);
        var html =
                ReportHtml.of(report.judged(new Gate(NDCG, 0.01, null, 0.95).judge(pairs, new Resampling(1))), pairs);
        assertThat(html).contains("&lt;script&gt;alert(1)").doesNotContain("<script", "http://", "https://", "src=");
        assertThat(html).contains("Verdict: FAIL", "40 queries are worse, 0 better, 0 equal", "lang=\"en\"");
        assertThat(ReportText.csv(report))
                .contains("\"'=cmd|' /C'!A0 \"\"<script>", "\"q1\",\"query 1\",2.0,0.400000,\r\n");
        assertThat(labels(html)).hasSize(3).noneMatch(String::isEmpty);
    }

    @Test
    void printsMeansWithTheirIntervals() {
        assertThat(ReportText.table(List.of(report(0.5, false))).lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "mode ndcg@10 chunk-recall@5", "hybrid 0.5000 1.0000", "95 % (0.5000-0.5000) (1.0000-1.0000)");
        assertThat(ReportText.remarks(report(0.5, false))).contains("2 judged documents are gone, such as [x, y]");
    }

    /** Of its drawings; the page is well-formed XML but for its head. */
    private static List<String> labels(String html) throws Exception {
        var body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"));
        var file = Files.createTempFile("report", ".xml");
        Files.writeString(file, body);
        var drawings = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("svg");
        Files.delete(file);
        var labels = new ArrayList<String>();
        for (var i = 0; i < drawings.getLength(); i++) {
            labels.add(((Element) drawings.item(i)).getAttribute("aria-label"));
        }
        return labels;
    }

    private static EvaluationReport report(double value, boolean condensed) {
        var rows = new ArrayList<Row>();
        for (var i = 0; i < 40; i++) {
            rows.add(new Row(
                    "q" + i,
                    i == 0 ? HOSTILE : "query " + i,
                    i + 1,
                    i == 0 ? Map.of("ndcg@10", value, "chunk-recall@5", 1.0) : Map.of("ndcg@10", value)));
        }
        return EvaluationReport.of(
                new Setting("c", 3, "hybrid", condensed, 1, new Asked("set", 40, 0, 1, 2, List.of("x", "y"))),
                List.of(NDCG, SPANS),
                List.of(new Depth(1, 0.5), new Depth(10, 0.9)),
                rows);
    }
}
