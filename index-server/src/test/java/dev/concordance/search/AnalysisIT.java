package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.access.Caller;
import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Lexical;
import dev.concordance.manifest.RoutingTable.Limits;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.manifest.RoutingTable.Semantic;
import dev.concordance.manifest.SynonymRule;
import dev.concordance.manifest.VectorStorage;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is found by which words, and how vectors are kept, as a corpus declares it. */
class AnalysisIT {
    private static final Limits LIMITS = new Limits(50, 65_536, 60_000, 4);
    private static final Map<String, String> HOUSES =
            Map.of("houses", "# Am See\n\nDie Häuser stehen am Ufer.\n", "cats", "# Tiere\n\nKatzen schlafen viel.\n");

    @TempDir
    private Path folder;

    private final Models models = new Models(manifest -> new Borrowed(SmallModel.get()));

    @AfterEach
    void stop() {
        models.close();
    }

    @Test
    void findsOtherFormsOfAWordInTheDeclaredLanguageAlone() throws Exception {
        var german = indexed(new Analysis("german", null), HOUSES);
        assertThat(found(german, "Haus", Lexical.DEFAULT)).containsExactly("houses.md");
        assertThat(found(german, "die", Lexical.DEFAULT)).isEmpty();
        var plain = indexed(new Analysis(Analysis.NONE, null), HOUSES);
        assertThat(found(plain, "Haus", Lexical.DEFAULT)).isEmpty();
        assertThat(found(plain, "die häuser", Lexical.DEFAULT)).containsExactly("houses.md");
    }

    @Test
    void leavesOutTheDeclaredStopWords() throws Exception {
        var declared = indexed(new Analysis("german", List.of("ufer")), HOUSES);
        assertThat(found(declared, "Ufer", Lexical.DEFAULT)).isEmpty();
        assertThat(found(declared, "die", Lexical.DEFAULT)).containsExactly("houses.md");
    }

    @Test
    void findsBySynonymsWithoutAnotherIndex() throws Exception {
        var corpus = indexed(
                Analysis.DEFAULT,
                Map.of("tv", "# Setup\n\nPlug in the television set.\n", "radio", "# Radio\n\nTurn the dial.\n"));
        assertThat(found(corpus, "tv", Lexical.DEFAULT)).isEmpty();
        var synonyms = new Lexical(2, 1, SynonymRule.parse("tv, television set\nwireless => radio"));
        assertThat(found(corpus, "TV", synonyms)).containsExactly("tv.md");
        assertThat(found(corpus, "wireless", synonyms)).containsExactly("radio.md");
    }

    @Test
    void ranksByWhatWordsCountWhereTheyAre() throws Exception {
        var corpus = indexed(
                Analysis.DEFAULT,
                Map.of(
                        "titled", "# Zebra\n\nAn animal of the savanna with stripes.\n",
                        "told", "# Animals\n\nA zebra and a zebra and a zebra.\n"));
        assertThat(found(corpus, "zebra", new Lexical(50, 1, List.of()))).startsWith("titled.md");
        assertThat(found(corpus, "zebra", new Lexical(1, 50, List.of()))).startsWith("told.md");
    }

    @ParameterizedTest
    @EnumSource(VectorStorage.Type.class)
    void findsByMeaningHoweverVectorsAreKept(VectorStorage.Type type) throws Exception {
        var corpus = indexed(Analysis.DEFAULT, new VectorStorage(type, 16, 100), HOUSES);
        for (var oversample : new Integer[] {null, 1, 2, 8}) {
            var route = route(corpus, Lexical.DEFAULT, new Semantic(0.95, 10_000, oversample));
            assertThat(found(corpus, route, "{\"query\": \"Katzen schlafen\", \"mode\": \"semantic\"}"))
                    .as("oversample %s", oversample)
                    .startsWith("cats.md");
        }
    }

    private Corpora indexed(Analysis analysis, Map<String, String> files) throws IOException {
        return indexed(analysis, VectorStorage.DEFAULT, files);
    }

    private Corpora indexed(Analysis analysis, VectorStorage storage, Map<String, String> files) throws IOException {
        var own = Files.createTempDirectory(folder, "corpus");
        var corpus = Corpora.in(own, SharedNode.url(), SmallModel.get(), null);
        for (var file : files.entrySet()) {
            Files.writeString(own.resolve("data").resolve(file.getKey() + ".md"), file.getValue());
        }
        var manifest = Corpora.manifest(1).with(storage).with(analysis);
        corpus.create(manifest);
        corpus.run("r1", manifest, List.of());
        try (var connection = corpus.connection()) {
            var add = "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                    .formatted(corpus.names().generation(1), corpus.names().alias());
            connection.send("POST", "/_aliases", add.getBytes(StandardCharsets.UTF_8));
        }
        return corpus;
    }

    private static Route route(Corpora corpus, Lexical lexical, Semantic semantic) {
        return new Route(
                "test",
                "corpus",
                corpus.names().alias(),
                new ElasticsearchAccess(List.of(SharedNode.url().toString()), null, null),
                List.of(Corpora.manifest(1).model()),
                List.of(),
                new RoutingTable.Retrieval(
                        RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60, semantic, lexical));
    }

    private List<String> found(Corpora corpus, String query, Lexical lexical) {
        var body = "{\"query\": \"" + query + "\", \"mode\": \"lexical\", \"highlight\": true}";
        return found(corpus, route(corpus, lexical, Semantic.DEFAULT), body);
    }

    private List<String> found(Corpora corpus, Route route, String body) {
        models.keep(route.models());
        try (var connection = corpus.connection()) {
            var request = RequestParser.parse(body.getBytes(StandardCharsets.UTF_8), route, LIMITS);
            var answer = new SearchService(models, Clock.systemUTC())
                    .search(connection, route, request, Caller.ANYONE, Duration.ofMinutes(1));
            var found = new ArrayList<String>();
            answer.json()
                    .path("hits")
                    .forEach(hit -> found.add(hit.path("documentId").asText()));
            return found;
        }
    }
}
