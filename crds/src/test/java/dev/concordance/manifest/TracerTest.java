package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracerTest {
    @ParameterizedTest
    @ValueSource(ints = {64, 384, 768, 1536, 4096})
    void hasAVectorOfLengthOneThatIsTheSameForEverybody(int dimensions) {
        var vector = Tracer.vector(dimensions);
        var square = 0.0;
        for (var value : vector) {
            square += value * value;
        }
        assertThat(square).isCloseTo(1, within(1e-5));
        assertThat(vector).isEqualTo(Tracer.vector(dimensions));
        var signs = new StringBuilder();
        for (var i = 0; i < 12; i++) {
            signs.append(vector[i] > 0 ? '+' : '-');
        }
        assertThat(signs.toString())
                .as("what programs of other versions come to")
                .isEqualTo("---+---+-+-+");
    }

    @Test
    void hasNoFieldByWhichADocumentIsKnown() {
        var document = Tracer.document(4, Instant.parse("2026-05-04T12:00:00Z"));
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        ChunkFields.DOCUMENT_KEY, ChunkFields.TEXT, ChunkFields.VECTOR, Tracer.TRACED_AT);
        assertThat(Tracer.KEY).as("no key of a document").doesNotMatch("[0-9a-f]{32}");
    }

    @Test
    void isUnknownToSpecificationsAndStatesThatWereWrittenBefore() throws Exception {
        var specification =
                ManifestJson.mapper().readValue("{\"reuseGenerations\":[],\"sources\":[]}", RunSpecification.class);
        assertThat(specification.traced()).isFalse();
        var state = ManifestJson.mapper()
                .readValue("{\"generation\":1,\"positions\":{},\"quarantineSample\":[]}", GenerationState.class);
        assertThat(state.tracedAt()).isNull();
    }
}
