package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What indexes and mounted files that exist say of models is read by later versions too. */
class EmbeddingModelManifestTest {
    private static final String RELEASED = """
            {"model":{"from":"bundled","resource":"all-minilm-l6-v2-q.onnx",
              "sha256":"afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1"},
             "tokenizer":{"from":"bundled","resource":"all-minilm-l6-v2-q-tokenizer.json",
              "sha256":"da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0"},
             "dimensions":384,"maxTokens":512,"pooling":"mean","normalize":true,"queryPrefix":"","passagePrefix":""}
            """;

    @Test
    void readsAModelThatDoesNotSayOfWhichKindItIs() throws Exception {
        assertThat(ManifestJson.mapper().readValue(RELEASED, EmbeddingModelManifest.class))
                .isEqualTo(BundledModel.ALL_MINILM_L6_V2_Q.manifest());
    }

    @Test
    void comesBackFromJsonAsItWas() throws Exception {
        var manifest = generation(remote("https://one.example.com"));
        var json = ManifestJson.mapper().writeValueAsString(manifest);
        assertThat(ManifestJson.mapper().readValue(json, GenerationManifest.class))
                .isEqualTo(manifest);
        var local = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().with(new EmbeddingCache(1, 2));
        assertThat(ManifestJson.mapper()
                        .readValue(ManifestJson.mapper().writeValueAsString(local), EmbeddingModelManifest.class))
                .isEqualTo(local);
    }

    @Test
    void isFoundWhereItIsNowIfItIsTheSame() {
        var before = generation(remote("https://one.example.com"));
        var moved = remote("https://two.example.com");
        assertThat(before.at(moved).model()).isEqualTo(moved);
        assertThat(before.at(moved).digest()).isEqualTo(before.digest());
        assertThat(before.at(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest())).isEqualTo(before);
    }

    @Test
    void isTheSameWhateverIsPutBeforeQueries() {
        for (var model : List.of(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), remote("https://one.example.com"))) {
            var asked = model.withQueryPrefix("Find: ");
            assertThat(asked.digest()).isEqualTo(model.digest());
            assertThat(generation(model).at(asked).model().queryPrefix()).isEqualTo("Find: ");
            assertThat(asked.withQueryPrefix(model.queryPrefix())).isEqualTo(model);
        }
    }

    @Test
    void countsMoneyExactly() {
        var price = new RemoteAccess.Price("0.02", "EUR", null);
        var spent = Spending.none(Spending.month(Instant.parse("2026-12-31T23:59:59.999Z")), "hosted");
        for (var i = 0; i < 1_000; i++) {
            spent = spent.plus("handbook", 1, 10, price).plus("manual", 1, 1, price);
        }
        assertThat(spent.month()).isEqualTo("2026-12");
        assertThat(spent.total()).isEqualTo(new Spending.Amount(2_000, 11_000, "0.00022", "EUR"));
        assertThat(spent.of("handbook").plus(0, -9_999, price).money()).isEqualTo("0.00000002");
        assertThat(spent.of("nobody")).isEqualTo(Spending.Amount.NONE);
    }

    private static GenerationManifest generation(EmbeddingModelManifest model) {
        return new GenerationManifest(3, 1, new Chunking.ByTokens(64, 8, ""), model, 1, List.of());
    }

    private static RemoteModel remote(String url) {
        return new RemoteModel(
                "m",
                "2",
                BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().tokenizer(),
                8,
                512,
                true,
                "q: ",
                "",
                new EmbeddingCache(3, 10),
                new RemoteAccess(
                        "hosted",
                        RemoteAccess.Protocol.TEI,
                        url,
                        "embedding-key",
                        "PEM",
                        new RemoteAccess.Limits(1, 2, 3, 4, 5, 6, 7),
                        new RemoteAccess.Price("0.02", "EUR", "3")));
    }
}
