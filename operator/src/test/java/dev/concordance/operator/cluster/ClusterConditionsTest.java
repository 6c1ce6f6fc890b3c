package dev.concordance.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.elastic.ClusterFacts;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Parsed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of a SearchCluster, case by case. */
final class ClusterConditionsTest {
    private static final Parsed<ClusterDeclaration> DECLARED = new Parsed.Valid<>(new ClusterDeclaration(
            "docs",
            List.of("https://es:9200"),
            "cc",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of()));
    private static final Optional<ClusterFacts> ANSWERS = facts("9.1.0");
    private static final Optional<ClusterFacts> SILENT = Optional.empty();

    /**
     * An observation and what is told of it.
     *
     * @param truths of Ready, Reconciling, Stalled and ReferencesResolved by their initials
     */
    private record Case(String name, ClusterObservation seen, String truths, List<String> reasons, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "answers",
                        seen(DECLARED, false, Optional.empty(), ANSWERS, Optional.empty()),
                        "TFFT",
                        List.of("Connected", "Settled", "Settled", "ReferencesFound"),
                        "Elasticsearch 9.1.0 (cluster prod) answers"),
                new Case(
                        "has not been asked yet",
                        seen(DECLARED, false, Optional.empty(), SILENT, Optional.empty()),
                        "UFFT",
                        List.of("Waiting", "Settled", "Settled", "ReferencesFound"),
                        "waiting for the first answer"),
                new Case(
                        "lacks a Secret",
                        seen(DECLARED, false, trouble(ClusterReason.SecretMissing), SILENT, Optional.empty()),
                        "FTFF",
                        List.of("SecretMissing", "SecretMissing", "Settled", "SecretMissing"),
                        "a sentence"),
                new Case(
                        "does not answer any more",
                        seen(
                                DECLARED,
                                false,
                                Optional.empty(),
                                SILENT,
                                trouble(ClusterReason.ElasticsearchUnreachable)),
                        "FTFT",
                        List.of("ElasticsearchUnreachable", "ElasticsearchUnreachable", "Settled", "ReferencesFound"),
                        "a sentence"),
                new Case(
                        "answers and is too old",
                        seen(DECLARED, false, Optional.empty(), facts("8.18.9"), Optional.empty()),
                        "FTFT",
                        List.of("VersionTooOld", "VersionTooOld", "Settled", "ReferencesFound"),
                        "8.18.9 is too old"),
                new Case(
                        "is declared wrongly",
                        seen(
                                new Parsed.Invalid<>("spec.urls is empty"),
                                false,
                                Optional.empty(),
                                SILENT,
                                Optional.empty()),
                        "FFTU",
                        List.of("InvalidSpec", "Settled", "InvalidSpec", "Waiting"),
                        "spec.urls is empty"),
                new Case(
                        "is paused while it answers",
                        seen(DECLARED, true, Optional.empty(), ANSWERS, Optional.empty()),
                        "TFFT",
                        List.of("Connected", "Paused", "Settled", "ReferencesFound"),
                        "answers"),
                new Case(
                        "is paused in trouble",
                        seen(DECLARED, true, trouble(ClusterReason.SecretMissing), SILENT, Optional.empty()),
                        "FFFF",
                        List.of("SecretMissing", "Paused", "Settled", "SecretMissing"),
                        "a sentence"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void tellsWhatWasSeen(Case given) {
        var findings = ClusterConditions.of(given.seen(), ClusterPlanner.trouble(given.seen()));

        assertThat(findings)
                .extracting(Finding::type)
                .containsExactly(
                        Conditions.READY,
                        Conditions.RECONCILING,
                        Conditions.STALLED,
                        ClusterConditions.REFERENCES_RESOLVED);
        assertThat(findings.stream()
                        .map(finding -> finding.truth().name().substring(0, 1))
                        .collect(Collectors.joining()))
                .isEqualTo(given.truths());
        assertThat(findings).extracting(Finding::reason).isEqualTo(given.reasons());
        assertThat(findings.getFirst().message()).contains(given.message());
    }

    private static ClusterObservation seen(
            Parsed<ClusterDeclaration> declaration,
            boolean paused,
            Optional<Trouble> missing,
            Optional<ClusterFacts> facts,
            Optional<Trouble> failure) {
        return new ClusterObservation(
                declaration, paused, missing, Optional.empty(), facts, failure, Instant.parse("2026-05-04T12:00:00Z"));
    }

    private static Optional<Trouble> trouble(ClusterReason reason) {
        return Optional.of(new Trouble(reason, "a sentence"));
    }

    private static Optional<ClusterFacts> facts(String version) {
        return Optional.of(new ClusterFacts(version, "prod", List.of()));
    }
}
