package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What somebody else does to an index, whatever the kind of the source, and what a run that verifies makes of it. */
final class Damage {
    private Damage() {}

    /** Changes a passage of one document and deletes one of another, and expects that nothing else is repaired. */
    static void isRepaired(Corpora corpus, GenerationManifest manifest, SourceManifest source, String run) {
        var index = corpus.names().generation(manifest.generation());
        var before = IndexSnapshot.ofEverything(SharedNode.url(), index);
        try (var connection = corpus.connection()) {
            var hits = connection
                    .send("GET", "/" + index + "/_search?size=2&q=_exists_:documentId&sort=documentKey", null)
                    .json()
                    .path("hits")
                    .path("hits");
            var changed = "{\"doc\": {\"text\": \"What nobody said.\"}}".getBytes(StandardCharsets.UTF_8);
            connection.send("POST", "/" + index + "/_update/" + place(hits.path(0)), changed);
            connection.send("DELETE", "/" + index + "/_doc/" + place(hits.path(1)), null);
        }
        assertThat(IndexSnapshot.ofEverything(SharedNode.url(), index)).isNotEqualTo(before);

        var counts = corpus.run(Corpora.verifying(corpus.specification(run, manifest, List.of(), List.of(source))));

        assertThat(counts.updated()).isEqualTo(2);
        assertThat(counts.unchanged()).isEqualTo(before.documents().size() - 2);
        var drift = corpus.ledger(RunReport.id(run)).path("drift");
        assertThat(drift.path("damaged").asInt()).isEqualTo(2);
        assertThat(drift.path("overlooked").asInt()).isZero();
        assertThat(drift.path("orphaned").asInt()).isZero();
        assertThat(IndexSnapshot.ofEverything(SharedNode.url(), index)).isEqualTo(before);
    }

    private static String place(JsonNode hit) {
        return hit.path("_id").asText() + "?refresh=true&routing="
                + hit.path("_routing").asText();
    }
}
