package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.Tombstone.NamedDocument;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which documents a tombstone covers, and which it doesn't. */
class TombstonesTest {
    private static final Tombstones TOMBSTONES = Tombstones.of(List.of(
            new Tombstone(
                    "first",
                    List.of("k1"),
                    List.of(new NamedDocument("a.md", null), new NamedDocument("b.md", "site")),
                    List.of("https://example.com/c"),
                    List.of(Map.of("customer", "4711"), Map.of("team", "red", "year", "2019"))),
            new Tombstone("second", List.of("k1", "k2"), List.of(), List.of(), List.of())));

    @ParameterizedTest
    @CsvSource({
        "k9, site, a.md, first",
        "k9, other, a.md, first",
        "k9, site, A.md, ",
        "k9, site, b.md, first",
        "k9, other, b.md, ",
        "k1, site, z.md, first",
        "k2, site, z.md, second",
    })
    void coversDocumentsByTheirNames(String key, String source, String id, String erasure) {
        assertThat(TOMBSTONES.of(key, source, id)).isEqualTo(erasure);
    }

    @Test
    void saysWhetherADocumentHasToBeRead() {
        assertThat(TOMBSTONES.dependOnContent()).isTrue();
        var named =
                new Tombstone("named", List.of("k1"), List.of(new NamedDocument("a.md", null)), List.of(), List.of());
        assertThat(Tombstones.of(List.of(named)).dependOnContent()).isFalse();
        assertThat(Tombstones.NONE.dependOnContent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "https://example.com/c | {} | first",
                "https://example.com/c/ | {} | -",
                "- | {\"customer\": \"4711\"} | first",
                "- | {\"customer\": 4711} | first",
                "- | {\"customer\": [12, 4711]} | first",
                "- | {\"customer\": \"47110\"} | -",
                "- | {\"customer\": {\"id\": 4711}} | -",
                "- | {\"customer\": null} | -",
                "- | {\"Customer\": \"4711\"} | -",
                "- | {\"team\": \"red\"} | -",
                "- | {\"team\": [\"blue\", \"red\"], \"year\": 2019} | first",
                "- | {} | -",
            })
    void coversDocumentsByWhatTheySayOfThemselves(String uri, String metadata, String erasure)
            throws JsonProcessingException {
        assertThat(TOMBSTONES.ofContent(uri, json(metadata))).isEqualTo(erasure);
    }

    @Test
    void coversNothingByASelectorWithoutFields() throws JsonProcessingException {
        var careless = Tombstones.of(List.of(new Tombstone("all", List.of(), List.of(), List.of(), List.of(Map.of()))));
        assertThat(careless.ofContent("x", json("{\"a\": 1}"))).isNull();
    }

    @Test
    void comesBackFromJsonAsItWas() throws JsonProcessingException {
        var mapper = ManifestJson.mapper();
        var back = mapper.readValue(mapper.writeValueAsString(TOMBSTONES), Tombstones.class);
        assertThat(back).isEqualTo(TOMBSTONES);
        assertThat(back.of("k2", "site", "z.md")).isEqualTo("second");
        assertThat(mapper.readValue("[]", Tombstones.class)).isSameAs(Tombstones.NONE);
    }

    @Test
    void keysDigestsSoThatTheyTellNothingWithoutTheKey() {
        // RFC 4231, test case 2
        assertThat(ErasureDigest.of("Jefe", "what do ya want for nothing?"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(ErasureDigest.of("one", "k1")).isNotEqualTo(ErasureDigest.of("other", "k1"));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return ManifestJson.mapper().readTree(text);
    }
}
