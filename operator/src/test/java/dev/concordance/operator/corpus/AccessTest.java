package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Parsed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a corpus does whose documents say who may see them. */
class AccessTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String REST =
            "sources: [{name: a, git: {url: u}}, {name: b, jdbc: {engine: MariaDB, host: h, database: d,"
                    + " credentialsSecretRef: {name: s}, query: SELECT 1}}, {name: c, web: {urls: ['https://x/']}},"
                    + " {name: d, kafka: {bootstrapServers: ['k:1'], topic: t}}, {name: e, push: {tokens: [{name: t,"
                    + " secretRef: {name: s}}]}}], searchClusterRef: {name: s}}";
    private static final SourceManifest.Access PLACES = new SourceManifest.Access("access", null);

    private final CorpusWorld world = new CorpusWorld();

    @BeforeEach
    void declare() {
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.empty(), Duration.ofHours(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{mode: DocumentLevel} | '' | PT1H",
                "{mode: DocumentLevel} | freshness: {maxStaleness: 2h} | PT4H",
                "{mode: DocumentLevel, syncInterval: 45m} | freshness: {maxStaleness: 2h} | PT1H30M",
                "{mode: DocumentLevel, syncInterval: 1m} | '' | PT1H",
                "{mode: DocumentLevel, syncInterval: 1m, maxStaleness: 3m} | '' | PT3M",
                "{mode: DocumentLevel, maxStaleness: 30h} | freshness: {schedule: {cron: '0 3 * * *'}} | PT30H"
            })
    void toleratesAccessListsForAnHourOrTwiceTheTimeBetweenReadings(String access, String more, Duration longest)
            throws Exception {
        assertThat(parse(access, more)
                        .valid()
                        .orElseThrow()
                        .access()
                        .orElseThrow()
                        .maxStaleness())
                .isEqualTo(longest);
    }

    @Test
    void tellsEachSourceWhereItSaysWhoMaySeeADocument() throws Exception {
        var declared = parse("{mode: DocumentLevel, field: readers, file: .access.yaml}", "")
                .valid()
                .orElseThrow();
        assertThat(declared.sources())
                .extracting(source -> source.manifest().access())
                .as("rows, pages, records and pushed documents have no paths")
                .containsExactly(
                        new SourceManifest.Access("readers", ".access.yaml"),
                        new SourceManifest.Access("readers", null),
                        new SourceManifest.Access("readers", null),
                        new SourceManifest.Access("readers", null),
                        new SourceManifest.Access("readers", null));
        assertThat(declared.sources().getFirst().with("", "pem", false).access())
                .isNotNull();
        assertThat(parse("{mode: Public}", "").valid().orElseThrow().sources())
                .allMatch(source -> source.manifest().access() == null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{mode: Private} | '' | write Public or DocumentLevel",
                "{mode: DocumentLevel, syncInterval: soon} | '' | is not a duration",
                "{mode: DocumentLevel, syncInterval: 5m, maxStaleness: 5m} | '' | write more than syncInterval",
                "{mode: DocumentLevel} | freshness: {schedule: {cron: '0 3 * * *'}} | write a maxStaleness longer than",
                "{mode: DocumentLevel, syncInterval: 5m, maxStaleness: 2d} | freshness: {schedule: {cron: '0 3 * * *'}} | take syncInterval out",
                "{mode: DocumentLevel, maxStaleness: 59s} | ingestion: {mode: Jobs} | 1m or more; write longer ones, or leave spec.ingestion.mode",
                "{mode: DocumentLevel, syncInterval: 20s} | 'freshness: {maxStaleness: 30s}, ingestion: {mode: Jobs}' | 1m or more",
                "{mode: DocumentLevel, maxStaleness: 30s} | freshness: {schedule: {cron: '* * * * *'}} | and spec.freshness.schedule out",
                "{mode: DocumentLevel} | metadata: [{name: access}] | take it out of metadata"
            })
    void saysWhatToWriteInstead(String access, String more, String sentence) throws Exception {
        assertThat(parse(access, more))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.sentence()).contains(sentence));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{mode: DocumentLevel, maxStaleness: 59s} | '' | true",
                "{mode: DocumentLevel, syncInterval: 10s} | freshness: {maxStaleness: 12h} | true",
                "{mode: DocumentLevel, syncInterval: 10s} | ingestion: {mode: Auto} | true",
                "{mode: DocumentLevel, syncInterval: 1m, maxStaleness: 2m} | '' | false",
                "{mode: DocumentLevel, maxStaleness: 1m} | ingestion: {mode: Jobs} | false",
                "{mode: DocumentLevel} | freshness: {maxStaleness: 59s} | true"
            })
    void followsTheSourcesWhereJobsCantKeepAccessListsFreshEnough(String access, String more, boolean continuous)
            throws Exception {
        assertThat(parse(access, more).valid().orElseThrow().timing().continuous())
                .isEqualTo(continuous);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc: {engine: MariaDB, host: h, database: d, credentialsSecretRef: {name: s}, query: SELECT 1}",
                "web: {urls: ['https://x/']}",
                "kafka: {bootstrapServers: ['k:1'], topic: t}",
                "push: {tokens: [{name: t, secretRef: {name: s}}]}"
            })
    void refusesAFileOfRulesWhereNothingHasAPath(String place) throws Exception {
        var access = "{access: {mode: DocumentLevel, file: .access.yaml}, searchClusterRef: {name: s}, sources: [";
        assertThat(parse(access + "{name: a, " + place + "}]}"))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.sentence()).contains("spec.access.file", "name in access.field"));
        assertThat(parse(access + "{name: a, " + place + "}, {name: b, configMap: {name: m}}]}")
                        .valid())
                .as("one source of files is enough")
                .isPresent();
    }

    @Test
    void readsTheSourcesAsOftenAsTheirAccessListsWantIt() {
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.of(Duration.ofMinutes(2)), Duration.ofHours(1)));
        serve();
        assertThat(nextRun()).isBefore(world.now.plus(Duration.ofMinutes(2)));
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.empty(), Duration.ofMinutes(3)));
        world.settle(1);
        assertThat(nextRun()).isBefore(world.now.plus(Duration.ofMinutes(3)));
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.empty(), Duration.ofHours(1)));
        world.settle(1);
        assertThat(nextRun()).isAfter(world.now.plus(Duration.ofMinutes(10)));
    }

    @Test
    void startsARunForTheAccessListsAlone() {
        serve();
        var before = world.runs.size();
        world.pass(Duration.ofMinutes(2));
        world.settle(1);
        assertThat(world.runs).as("freshness wants none yet").hasSize(before);
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.of(Duration.ofMinutes(2)), Duration.ofHours(1)));
        world.settle(1);
        assertThat(world.runs).hasSize(before + 1);
        assertThat(world.runs.values())
                .last()
                .satisfies(run -> assertThat(run.mode().orElseThrow()).isEqualTo(RunMode.Incremental));
    }

    @Test
    void saysThatSearchesAreRefusedWhenTheAccessListsAreTooOldAndLooksThen() {
        serve();
        var asOf = world.now;
        assertThat(world.reason(AccessCondition.TYPE)).isEqualTo("AccessFollows");
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.empty(), Duration.ofMinutes(5)));
        world.now = asOf.plus(Duration.ofMinutes(5));
        world.settle(1);
        world.failRuns("SourceAccessInvalid", true);
        var plan = world.reconcile(1);
        assertThat(world.reason(AccessCondition.TYPE)).isEqualTo("AccessFollows");
        assertThat(plan.wakeAt().orElseThrow()).isBeforeOrEqualTo(asOf.plus(Duration.ofMinutes(6)));

        world.now = asOf.plus(Duration.ofMinutes(5)).plusSeconds(1);
        world.reconcile(1);

        assertThat(world.truth(AccessCondition.TYPE)).isEqualTo("False");
        assertThat(world.reason(AccessCondition.TYPE)).isEqualTo("AccessStale");
        assertThat(world.reason(Conditions.READY)).isEqualTo("AccessStale");
        assertThat(world.message(Conditions.READY))
                .contains("no search is answered", "allows: the last run failed: a sentence about SourceAccessInvalid");
        assertThat(world.reason(CorpusConditions.SOURCES_READABLE)).isEqualTo("SourceAccessInvalid");
        assertThat(world.reason(Conditions.STALLED)).isEqualTo("SourceAccessInvalid");
    }

    @Test
    void countsDocumentsThatNobodySees() {
        serve();
        assertThat(world.status.orElseThrow().hidden()).isNull();
        world.hidden = 7;
        var state = world.state(1, 3);
        world.elasticsearch.put(CorpusWorld.NAMES, state);
        world.reconcile(1);
        assertThat(world.truth(AccessCondition.TYPE)).isEqualTo("True");
        assertThat(world.message(AccessCondition.TYPE)).contains("7 are seen by nobody", "status.hidden");
        assertThat(world.status.orElseThrow().hidden()).isEqualTo(new CorpusStatus.HiddenDocuments(7L, List.of()));
        world.silent = Optional.of(new CorpusObservation.Obstacle("Unreachable", "no answer"));
        world.reconcile(1);
        assertThat(Objects.requireNonNull(world.status.orElseThrow().hidden()).documents())
                .as("what Elasticsearch doesn't tell stays as it was")
                .isEqualTo(7L);
    }

    @Test
    void rebuildsTheIndexForAnotherMode() {
        world.access = Optional.empty();
        serve();
        assertThat(world.reason(AccessCondition.TYPE)).isEqualTo("EverybodySees");
        world.access = Optional.of(new DeclaredAccess(PLACES, Optional.empty(), Duration.ofHours(1)));
        world.settle(1);
        assertThat(world.reason(Conditions.READY)).isEqualTo("Rebuilding");
        assertThat(world.reason(AccessCondition.TYPE)).isEqualTo("Undecided");
        world.finishRuns(3);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(world.reason(AccessCondition.TYPE)).isEqualTo("AccessFollows");
    }

    @Test
    void neverGoesBackToOlderAccessListsByAPromotion() {
        serve();
        world.chunkTokens = 64;
        world.settle(1);
        world.finishRuns(3);
        world.pass(Duration.ofMinutes(1));
        world.elasticsearch.put(CorpusWorld.NAMES, world.state(1, 3));

        world.settle(1);

        assertThat(world.live())
                .as("the candidate knows less than the live generation")
                .isEqualTo(1);
        assertThat(world.runs.values()).anyMatch(run -> run.isUnfinished() && run.fills(2));
        world.finishRuns(3);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(live(2).freshAsOf()).isAfterOrEqualTo(live(1).freshAsOf());
    }

    private GenerationState live(int number) {
        return world.stored().stream()
                .filter(generation -> generation.number() == number)
                .findFirst()
                .flatMap(StoredGeneration::state)
                .orElseThrow();
    }

    private void serve() {
        world.settle(1);
        world.finishRuns(3);
        world.settle(1);
    }

    private Instant nextRun() {
        var freshness = Objects.requireNonNull(world.status.orElseThrow().freshness());
        return Instant.parse(Objects.requireNonNull(freshness.nextRun()));
    }

    private static Parsed<CorpusDeclaration> parse(String access, String more) throws Exception {
        return parse("{access: " + access + (more.isEmpty() ? "" : ", " + more) + ", " + REST);
    }

    private static Parsed<CorpusDeclaration> parse(String spec) throws Exception {
        var corpus = YAML.readValue("metadata: {name: handbook, namespace: docs}", Corpus.class);
        corpus.setSpec(YAML.readValue(spec, CorpusSpec.class));
        return Parsed.of(corpus, CorpusParser::parse);
    }
}
