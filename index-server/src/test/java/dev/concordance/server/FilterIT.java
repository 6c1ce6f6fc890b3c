package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random filters over random documents find what a plain reading of the filter says. */
class FilterIT {
    private static final long SEED = 20_260_504;
    private static final int DOCUMENTS = 40;
    private static final int FILTERS = 60;
    private static final List<MetadataField> FIELDS = List.of(
            new MetadataField("lang", MetadataField.Type.KEYWORD),
            new MetadataField("year", MetadataField.Type.LONG),
            new MetadataField("price", MetadataField.Type.DOUBLE),
            new MetadataField("draft", MetadataField.Type.BOOLEAN),
            new MetadataField("on", MetadataField.Type.DATE));
    private static final Map<String, List<Object>> VALUES = Map.of(
            "lang", List.of("en", "de \"x\" \\", "fr*", ""),
            "year", List.of(2019L, 2020L, 2021L, Long.MAX_VALUE),
            "price", List.of(-1.5, 0.0, 2.25, 1e9),
            "draft", List.of(true, false),
            "on",
                    List.of(
                            "2020-01-01T00:00:00Z",
                            "2020-06-01T12:30:00Z",
                            "2021-01-01T00:00:00.500Z",
                            "2024-02-29T23:59:59Z"));
    private static final Embedder MODEL = SmallModel.get();
    private static ServerProcess server;
    private static final List<ObjectNode> DOCUMENTS_METADATA = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        var guide = new Guides(SharedNode.url(), MODEL, folder, "filtered");
        var data = Files.createDirectories(folder.resolve("filtered"));
        var random = new Random(SEED);
        for (var i = 0; i < DOCUMENTS; i++) {
            var metadata = ManifestJson.mapper().createObjectNode();
            for (var field : FIELDS) {
                if (random.nextInt(4) > 0) {
                    metadata.set(field.name(), value(field.name(), random));
                }
            }
            DOCUMENTS_METADATA.add(metadata);
            Files.writeString(data.resolve(i + ".md"), "---\n" + metadata + "\n---\n# Page\n\nCommon words.\n");
        }
        var manifest = new GenerationManifest(
                1,
                GenerationManifest.PIPELINE,
                new Chunking.ByHeadings(64, 8, ""),
                BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                2,
                FIELDS);
        var corpus = guide.corpus();
        corpus.create(manifest);
        assertThat(corpus.run("r1", manifest, List.of()).added()).isEqualTo(DOCUMENTS);
        guide.point(1, 0);
        var route = guide.route(SharedNode.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest());
        server = ServerProcess.start(
                folder,
                Guides.anonymous(
                        Guides.limits(),
                        new Route(
                                route.namespace(),
                                route.corpus(),
                                route.alias(),
                                route.elasticsearch(),
                                route.models(),
                                FIELDS,
                                route.retrieval())),
                List.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void findsWhatTheFilterSays() {
        var random = new Random(SEED + 1);
        for (var i = 0; i < FILTERS; i++) {
            var filter = filter(random, 3);
            var expected = new TreeSet<String>();
            for (var document = 0; document < DOCUMENTS; document++) {
                if (holds(filter, DOCUMENTS_METADATA.get(document))) {
                    expected.add(document + ".md");
                }
            }
            for (var mode : List.of("lexical", "semantic")) {
                assertThat(found(mode, filter)).as("%s %s", mode, filter).isEqualTo(expected);
            }
        }
    }

    private static TreeSet<String> found(String mode, JsonNode filter) {
        var body = ManifestJson.mapper().createObjectNode();
        body.put("query", "common words").put("k", 100).put("mode", mode).set("filter", filter);
        var answer = server.search("filtered", body.toString());
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var found = new TreeSet<String>();
        answer.body()
                .path("hits")
                .forEach(hit -> found.add(hit.path("documentId").asText()));
        return found;
    }

    private static ObjectNode filter(Random random, int deepest) {
        var filter = ManifestJson.mapper().createObjectNode();
        switch (random.nextInt(deepest == 0 ? 4 : 7)) {
            case 0 -> of(filter.putObject("eq"), random);
            case 1 -> of(filter.putObject("ne"), random);
            case 2 -> {
                var field = FIELDS.get(random.nextInt(FIELDS.size())).name();
                var values = filter.putObject("in").putArray(field);
                for (var i = 0; i <= random.nextInt(3); i++) {
                    values.add(value(field, random));
                }
            }
            case 3 -> {
                var field = List.of("lang", "year", "price", "on").get(random.nextInt(4));
                var range = filter.putObject("range").putObject(field);
                range.set(random.nextBoolean() ? "gt" : "gte", value(field, random));
                if (random.nextBoolean()) {
                    range.set(random.nextBoolean() ? "lt" : "lte", value(field, random));
                }
            }
            case 4 -> some(filter.putArray("and"), random, deepest);
            case 5 -> some(filter.putArray("or"), random, deepest);
            default -> filter.set("not", filter(random, deepest - 1));
        }
        return filter;
    }

    private static void some(ArrayNode all, Random random, int deepest) {
        for (var i = 0; i <= random.nextInt(3); i++) {
            all.add(filter(random, deepest - 1));
        }
    }

    private static void of(ObjectNode operand, Random random) {
        var field = FIELDS.get(random.nextInt(FIELDS.size())).name();
        operand.set(field, value(field, random));
    }

    private static JsonNode value(String field, Random random) {
        var values = VALUES.getOrDefault(field, List.of());
        return ManifestJson.mapper().valueToTree(values.get(random.nextInt(values.size())));
    }

    private static boolean holds(JsonNode filter, JsonNode metadata) {
        var operator = filter.fieldNames().next();
        var operand = filter.get(operator);
        return switch (operator) {
            case "and" -> all(operand).stream().allMatch(each -> holds(each, metadata));
            case "or" -> all(operand).stream().anyMatch(each -> holds(each, metadata));
            case "not" -> !holds(operand, metadata);
            case "eq" -> isOne(operand, metadata);
            case "ne" -> !isOne(operand, metadata);
            case "in" -> {
                var field = operand.fieldNames().next();
                yield all(operand.get(field)).stream().anyMatch(value -> compare(metadata.get(field), value) == 0);
            }
            default -> {
                var field = operand.fieldNames().next();
                yield metadata.has(field)
                        && operand.get(field).properties().stream()
                                .allMatch(bound ->
                                        isWithin(bound.getKey(), compare(metadata.get(field), bound.getValue())));
            }
        };
    }

    private static List<JsonNode> all(JsonNode array) {
        var all = new ArrayList<JsonNode>();
        array.forEach(all::add);
        return all;
    }

    private static boolean isOne(JsonNode operand, JsonNode metadata) {
        var field = operand.fieldNames().next();
        return compare(metadata.get(field), operand.get(field)) == 0;
    }

    private static boolean isWithin(String bound, int compared) {
        return switch (bound) {
            case "gt" -> compared > 0;
            case "gte" -> compared >= 0;
            case "lt" -> compared < 0;
            default -> compared <= 0;
        };
    }

    /** Of a missing value: unequal. */
    private static int compare(@org.jspecify.annotations.Nullable JsonNode left, JsonNode right) {
        if (left == null) {
            return 1;
        }
        if (left.isTextual() && left.asText().matches("\\d{4}-.*")) {
            return Instant.parse(left.asText()).compareTo(Instant.parse(right.asText()));
        }
        if (left.isTextual()) {
            return left.asText().compareTo(right.asText());
        }
        if (left.isBoolean()) {
            return Boolean.compare(left.asBoolean(), right.asBoolean());
        }
        return left.isIntegralNumber()
                ? Long.compare(left.asLong(), right.asLong())
                : Double.compare(left.asDouble(), right.asDouble());
    }
}
