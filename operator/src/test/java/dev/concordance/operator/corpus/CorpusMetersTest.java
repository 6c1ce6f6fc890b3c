package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.CorpusStatus.ChangeToSearchable;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CorpusMetersTest {
    private static final String SECONDS = "concordance.corpus.change.to.searchable.seconds";
    private static final String DOCUMENTS = "concordance.corpus.change.to.searchable.documents";
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CorpusMeters meters = new CorpusMeters(registry, Clock.fixed(NOON, ZoneOffset.UTC));

    private static Corpus handbook() {
        var corpus = new Corpus();
        corpus.setMetadata(new ObjectMetaBuilder()
                .withName("handbook")
                .withNamespace("docs")
                .build());
        return corpus;
    }

    private void tell(@Nullable ChangeToSearchable changes) {
        var freshness = new CorpusStatus.Freshness(NOON.toString(), null, "1.00", null, changes, null);
        var status = new CorpusStatus(null, null, null, freshness, null, null, null, null, null, null);
        meters.update(handbook(), status, Optional.empty(), Optional.empty());
    }

    private double seconds(String quantile) {
        return registry.get(SECONDS)
                .tag("corpus", "handbook")
                .tag("namespace", "docs")
                .tag("quantile", quantile)
                .gauge()
                .value();
    }

    @Test
    void measuresHowLongChangesTookAndNothingWhereNoneIsTold() {
        tell(new ChangeToSearchable(412L, "840ms", "1912ms", "755s", NOON.toString()));
        assertThat(registry.get(DOCUMENTS).gauge().value()).isEqualTo(412);
        assertThat(seconds("0.5")).isEqualTo(0.84);
        assertThat(seconds("0.95")).isEqualTo(1.912);
        assertThat(seconds("0.99")).isEqualTo(755);
        tell(null);
        assertThat(registry.get(DOCUMENTS).gauge().value()).isNaN();
        assertThat(seconds("0.99")).isNaN();
        meters.remove(ResourceID.fromResource(handbook()));
        assertThat(registry.getMeters()).isEmpty();
    }
}
