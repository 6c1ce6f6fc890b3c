package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.operator.freshness.CronSchedule;
import dev.concordance.operator.freshness.DailyWindow;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.kube.Parsed;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Corpus declares, in its strict form, and what can't be carried out although it was admitted. */
final class CorpusParserTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String SOURCE = "sources: [{name: site, git: {url: 'https://git.example.com/a.git'}}]";
    private static final String CLUSTER = "searchClusterRef: {name: search}";

    @Test
    void fillsInWhatIsNotDeclared() throws Exception {
        var declared = parse("handbook", SOURCE + "\n" + CLUSTER).valid().orElseThrow();
        assertThat(declared.timing())
                .isEqualTo(new RunTiming(
                        new ServiceLevel(Duration.ofMinutes(15), new BigDecimal("99.5"), Duration.ofDays(7)),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false));
        assertThat(declared.traced()).isTrue();
        assertThat(declared.shards()).isEqualTo(1);
        assertThat(declared.replicas()).isEqualTo(1);
        assertThat(declared.retain()).isFalse();
        assertThat(declared.resources()).isEmpty();
        assertThat(declared.parallelism()).isEqualTo(1);
        assertThat(declared.limits().maxDocumentBytes()).isEqualTo(10L << 20);
        assertThat(declared.limits().maxChunksPerDocument()).isEqualTo(10_000);
        assertThat(declared.limits().maxQuarantinedPercent()).isEqualTo(50);
        assertThat(declared.deletionGuard()).isEqualTo(new CorpusDeclaration.Guard(50, 10));
        assertThat(declared.search().retrieval())
                .isEqualTo(new RoutingTable.Retrieval(
                        RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60));
        assertThat(declared.references()).extracting(Object::toString).containsExactly("SearchCluster docs/search");
    }

    @Test
    void takesWhatIsDeclared() throws Exception {
        var declared = parse("handbook", """
                        sources:
                          - name: site
                            git: {url: 'https://git.example.com/a.git', credentialsSecretRef: {name: git}, caConfigMapRef: {name: ca}}
                          - {name: files, volume: {claimName: docs, path: en}, jsonl: {idField: key}}
                          - {name: bucket, s3: {bucket: docs, endpoint: 'https://store', credentialsSecretRef: {name: s3}, caConfigMapRef: {name: ca}}}
                          - {name: amazon, s3: {bucket: docs, prefix: en/, region: eu-central-1}}
                          - {name: pages, web: {sitemaps: ['https://x/sitemap.xml'], credentialsSecretRef: {name: web}, caConfigMapRef: {name: ca}}}
                          - {name: site, web: {urls: ['http://y/'], hosts: [z], maxDepth: 2, maxPages: 5, delay: 2s, userAgentSuffix: (us)}, exclude: [old/**]}
                          - {name: faq, configMap: {name: faq}}
                          - {name: kb, jdbc: {engine: MariaDB, host: db, database: kb, credentialsSecretRef: {name: kb}, query: SELECT 1, caConfigMapRef: {name: ca}}}
                          - {name: db, jdbc: {engine: PostgreSQL, host: db, port: 1, database: kb, tls: Disabled, credentialsSecretRef: {name: kb}, query: SELECT 2, keyColumn: k, contentColumn: c, changeColumn: v, deletedColumn: d, titleColumn: t, uriColumn: u, metadataColumns: [m], format: html}}
                          - {name: topic, kafka: {bootstrapServers: ['k:9092'], topic: t, credentialsSecretRef: {name: kafka}, caConfigMapRef: {name: ca}}}
                          - {name: json, kafka: {bootstrapServers: ['k:1', 'k:2'], topic: t, credentialsSecretRef: {name: kafka}, mechanism: Plain, tls: Disabled, json: {contentField: c, titleField: t, uriField: u, metadataFields: [m]}, format: html}}
                          - {name: open, kafka: {bootstrapServers: ['k:1'], topic: t, tls: Disabled, json: {}}}
                        chunkingPolicyRef: {name: headings}
                        embeddingModelRef: {name: minilm}
                        searchClusterRef: {name: search, namespace: shared}
                        freshness: {maxStaleness: 90s, objective: "99.9", window: 30d, schedule: {cron: 0 3 * * *, timeZone: Europe/Berlin}, tracer: Disabled}
                        deletionGuard: {maxDocuments: 3, maxPercent: 0}
                        metadata: [{name: lang}, {name: year, type: long}]
                        index: {shards: 3, replicas: 0}
                        retrieval: {mode: lexical, fusion: {method: rrf, lexicalWeight: "0.3"}}
                        ingestion: {parallelism: 3, resources: {requests: {cpu: "2"}, limits: {memory: 3Gi}}, maxDocumentSize: 1Mi, maxChunksPerDocument: 5, window: {from: "22:00", until: "06:30"}, suspend: true}
                        deletionPolicy: Retain
                        """).valid().orElseThrow();
        assertThat(declared.references())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "SearchCluster shared/search",
                        "ChunkingPolicy docs/headings",
                        "EmbeddingModel docs/minilm",
                        "Secret docs/git",
                        "ConfigMap docs/ca",
                        "Secret docs/s3",
                        "ConfigMap docs/ca",
                        "Secret docs/web",
                        "ConfigMap docs/ca",
                        "ConfigMap docs/faq",
                        "Secret docs/kb",
                        "ConfigMap docs/ca",
                        "Secret docs/kb",
                        "Secret docs/kafka",
                        "ConfigMap docs/ca",
                        "Secret docs/kafka",
                        "PersistentVolumeClaim docs/docs");
        assertThat(declared.metadata())
                .containsExactly(
                        new MetadataField("lang", MetadataField.Type.KEYWORD),
                        new MetadataField("year", MetadataField.Type.LONG));
        assertThat(declared.timing())
                .isEqualTo(new RunTiming(
                        new ServiceLevel(Duration.ofSeconds(90), new BigDecimal("99.9"), Duration.ofDays(30)),
                        Optional.of(new CronSchedule("0 3 * * *", ZoneId.of("Europe/Berlin"))),
                        Optional.of(new DailyWindow(LocalTime.of(22, 0), LocalTime.of(6, 30), ZoneId.of("UTC"))),
                        true,
                        false));
        assertThat(declared.traced()).isFalse();
        assertThat(declared.retain()).isTrue();
        assertThat(declared.parallelism()).isEqualTo(3);
        assertThat(declared.resources())
                .contains(new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity("2"))
                        .addToLimits("memory", new Quantity("3Gi"))
                        .build());
        assertThat(declared.deletionGuard()).isEqualTo(new CorpusDeclaration.Guard(3, 0));
        assertThat(declared.search().retrieval().mode()).isEqualTo(RoutingTable.Mode.lexical);
        assertThat(declared.sources())
                .extracting(DeclaredSource::mount)
                .contains("volume-files", "s3-bucket", "map-faq");
        assertThat(declared.sources().get(2).manifest().location())
                .isEqualTo(new SourceManifest.S3(
                        "docs",
                        "",
                        "https://store",
                        "us-east-1",
                        true,
                        "s3-bucket",
                        false,
                        null,
                        SourceManifest.RateLimit.NONE,
                        null));
        assertThat(declared.sources().get(3).manifest().location())
                .isEqualTo(new SourceManifest.S3(
                        "docs",
                        "en/",
                        null,
                        "eu-central-1",
                        false,
                        null,
                        false,
                        null,
                        SourceManifest.RateLimit.NONE,
                        null));
        assertThat(declared.sources().get(7).with("7", "pem", false).location())
                .isEqualTo(new SourceManifest.Jdbc(
                        SourceManifest.Jdbc.Engine.MariaDB,
                        "db",
                        3306,
                        "kb",
                        "SELECT 1",
                        new SourceManifest.Jdbc.Columns("id", "content", null, null, null, null, List.of()),
                        SourceManifest.Jdbc.Format.text,
                        true,
                        "jdbc-kb",
                        "pem",
                        SourceManifest.RateLimit.NONE));
        assertThat(declared.sources().get(8).manifest().location())
                .isEqualTo(new SourceManifest.Jdbc(
                        SourceManifest.Jdbc.Engine.PostgreSQL,
                        "db",
                        1,
                        "kb",
                        "SELECT 2",
                        new SourceManifest.Jdbc.Columns("k", "c", "v", "d", "t", "u", List.of("m")),
                        SourceManifest.Jdbc.Format.html,
                        false,
                        "jdbc-db",
                        null,
                        SourceManifest.RateLimit.NONE));
        assertThat(declared.sources().get(4).with("7", "pem", true).location())
                .isEqualTo(new SourceManifest.Web(
                        List.of(),
                        List.of("https://x/sitemap.xml"),
                        List.of(),
                        0,
                        1_000,
                        250,
                        null,
                        "web-pages",
                        "pem",
                        true));
        assertThat(declared.sources().get(5).with("7", null, false).location())
                .isEqualTo(new SourceManifest.Web(
                        List.of("http://y/"), List.of(), List.of("z"), 2, 5, 2_000, "(us)", null, null, false));
        assertThat(declared.sources().get(9).with("7", "pem", false).location())
                .isEqualTo(new Kafka(
                        List.of("k:9092"),
                        "t",
                        new Kafka.Sasl(Kafka.Mechanism.ScramSha512, "kafka-topic"),
                        null,
                        SourceManifest.Jdbc.Format.text,
                        true,
                        "pem"));
        assertThat(declared.sources().get(10).manifest().location())
                .isEqualTo(new Kafka(
                        List.of("k:1", "k:2"),
                        "t",
                        new Kafka.Sasl(Kafka.Mechanism.Plain, "kafka-json"),
                        new SourceManifest.JsonLines("", "t", "c", "u", List.of("m")),
                        SourceManifest.Jdbc.Format.html,
                        false,
                        null));
        assertThat(declared.sources().get(11).manifest().location())
                .isEqualTo(new Kafka(
                        List.of("k:1"),
                        "t",
                        null,
                        new SourceManifest.JsonLines("", null, "content", null, List.of()),
                        SourceManifest.Jdbc.Format.text,
                        false,
                        null));
        assertThat(declared.sources().get(6).with("7", null, false).location())
                .as("another version of a ConfigMap is another source to index")
                .isEqualTo(new SourceManifest.ConfigMap("map-faq", "7"));
    }

    @Test
    void takesWhoMayPush() throws Exception {
        var declared = parse("handbook", """
                        sources:
                          - {name: tickets, push: {tokens: [{name: helpdesk, secretRef: {name: push}}]}}
                          - {name: notes, push: {tokens: [{name: a, secretRef: {name: push, key: a}}, {name: b, secretRef: {name: notes}}]}}
                        searchClusterRef: {name: search}
                        access: {mode: DocumentLevel, field: acl}
                        inlet: {replicas: 3}
                        """).valid().orElseThrow();
        assertThat(declared.inlet())
                .contains(new DeclaredInlet(
                        3,
                        Optional.empty(),
                        List.of(
                                new DeclaredInlet.Source(
                                        "tickets", null, List.of(new DeclaredInlet.Token("helpdesk", "push", "token"))),
                                new DeclaredInlet.Source(
                                        "notes",
                                        null,
                                        List.of(
                                                new DeclaredInlet.Token("a", "push", "a"),
                                                new DeclaredInlet.Token("b", "notes", "token"))))));
        assertThat(declared.sources())
                .extracting(source -> source.with("", null, false))
                .allSatisfy(source -> {
                    assertThat(source.location()).isEqualTo(new SourceManifest.Push());
                    assertThat(source.access()).isEqualTo(new SourceManifest.Access("acl", null));
                });
        assertThat(parse("handbook", SOURCE + "\n" + CLUSTER)
                        .valid()
                        .orElseThrow()
                        .inlet())
                .isEmpty();
    }

    @Test
    void takesWhoReadsABucketAndHowFast() throws Exception {
        var declared = parse("handbook", """
                        sources:
                          - name: bucket
                            s3: {bucket: docs, podIdentity: true, rateLimit: {requestsPerMinute: 600, bytesPerSecond: 20Mi}}
                          - name: db
                            jdbc: {engine: MariaDB, host: db, database: kb, query: SELECT 1, credentialsSecretRef: {name: db}, rateLimit: {requestsPerMinute: 60}}
                        ingestion: {serviceAccountName: reader}
                        """ + CLUSTER).valid().orElseThrow();
        var s3 = (SourceManifest.S3)
                declared.sources().getFirst().with("7", "pem", false).location();
        assertThat(s3.podIdentity()).isTrue();
        assertThat(s3.credentialsMount()).isNull();
        assertThat(s3.caCertificates()).isEqualTo("pem");
        assertThat(s3.rateLimit()).isEqualTo(new SourceManifest.RateLimit(600, 20 << 20));
        var jdbc = (SourceManifest.Jdbc)
                declared.sources().getLast().with("7", "pem", false).location();
        assertThat(jdbc.rateLimit()).isEqualTo(new SourceManifest.RateLimit(60, 0));
        assertThat(declared.references()).extracting(Object::toString).contains("ServiceAccount docs/reader");
    }

    @Test
    void readsWhereEventsOfBucketsArrive() throws Exception {
        var sources = parse("handbook", """
                        freshness: {maxStaleness: 30s}
                        sources:
                          - name: ours
                            s3: {bucket: ours, region: eu-central-1, notifications: {sqs: {queueUrl: 'https://sqs/1/ours'}}}
                          - name: theirs
                            s3: {bucket: theirs, notifications: {sqs: {queueUrl: 'http://queues:9324/1/a', region: elasticmq}}}
                          - name: plain
                            s3: {bucket: plain}
                        """ + CLUSTER).valid().orElseThrow().sources();
        assertThat(sources)
                .extracting(source ->
                        ((SourceManifest.S3) source.with("7", "pem", false).location()).queue())
                .containsExactly(
                        new BucketQueue("https://sqs/1/ours", "eu-central-1"),
                        new BucketQueue("http://queues:9324/1/a", "elasticmq"),
                        null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "handbook | {} | spec.sources is missing; set it",
                "handbook | {sources: [{name: a, s3: {bucket: b, notifications: {sqs: {queueUrl: u}}}}], searchClusterRef: {name: s}} | are heard by what follows the sources; write spec.ingestion.mode Continuous",
                "handbook | {ingestion: {mode: Jobs}, freshness: {maxStaleness: 20s}, sources: [{name: a, s3: {bucket: b, notifications: {sqs: {queueUrl: u}}}}], searchClusterRef: {name: s}} | are heard by what follows the sources",
                "handbook | {ingestion: {mode: Continuous}, sources: [{name: a, s3: {bucket: b, notifications: {}}}], searchClusterRef: {name: s}} | spec.sources.s3.notifications.sqs is missing",
                "handbook | {ingestion: {mode: Continuous}, sources: [{name: a, s3: {bucket: b, notifications: {sqs: {}}}}], searchClusterRef: {name: s}} | spec.sources.s3.notifications.sqs.queueUrl is missing",
                "handbook | {ingestion: {mode: Continuous}, sources: [{name: a, s3: {bucket: b, notifications: {sqs: {queueUrl: u}}}}, {name: c, s3: {bucket: d, notifications: {sqs: {queueUrl: u}}}}], searchClusterRef: {name: s}} | give each a queue of its own",
                "handbook | {sources: []} | spec.sources is empty; declare at least one source",
                "handbook | {sources: [{name: a}], searchClusterRef: {name: s}} | set exactly one of git, s3, web, jdbc, kafka, push, volume and configMap in source a",
                "handbook | {sources: [{name: a, web: {}}], searchClusterRef: {name: s}} | declare at least one of urls and sitemaps in source a",
                "handbook | {sources: [{name: a, s3: {bucket: b, podIdentity: true, credentialsSecretRef: {name: k}}}], searchClusterRef: {name: s}} | write credentialsSecretRef or podIdentity in source a",
                "handbook | {sources: [{name: a, git: {}}], searchClusterRef: {name: s}} | spec.sources.git.url is missing",
                "handbook | {sources: [{name: a, push: {}}], searchClusterRef: {name: s}} | spec.sources.push.tokens: declare at least one token in source a",
                "handbook | {sources: [{name: a, push: {tokens: [{name: t}]}}], searchClusterRef: {name: s}} | spec.sources.push.tokens.secretRef is missing",
                "handbook | {sources: [{name: a, push: {tokens: [{name: t, secretRef: {name: x}}, {name: t, secretRef: {name: y}}]}}], searchClusterRef: {name: s}} | is there twice",
                "handbook | {inlet: {replicas: 2}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | spec.inlet is only of use with a source of the kind push",
                "handbook | {sources: [{name: a, volume: {claimName: c, path: ../x}}]} | leaves the volume",
                "handbook | {sources: [{name: a, volume: {claimName: c, path: /x}}]} | leaves the volume",
                "handbook | {sources: [{name: a, git: {url: 'https://h/r'}}]} | spec.searchClusterRef is missing",
                "handbook-g1 | {sources: [{name: a, git: {url: 'https://h/r'}}]} | choose another name",
                "handbook-ledger | {sources: [{name: a, git: {url: 'https://h/r'}}]} | choose another name",
                "handbook | {ingestion: {mode: Stream}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | write Auto, Jobs or Continuous",
                "handbook | {ingestion: {mode: Continuous}, freshness: {schedule: {cron: 0 3 * * *}}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | take spec.freshness.schedule out",
                "handbook | {freshness: {maxStaleness: soon}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | is not a duration",
                "handbook | {freshness: {tracer: Sometimes}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | write Enabled or Disabled",
                "handbook | {freshness: {objective: '100'}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | is not a percentage below 100",
                "handbook | {freshness: {schedule: {cron: '0 0 31 2 *'}}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | spec.freshness.schedule.cron: \"0 0 31 2 *\" names no moments",
                "handbook | {freshness: {schedule: {cron: '61 0 * * *'}}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | write five fields such as 0 3 * * *",
                "handbook | {freshness: {schedule: {cron: '0 3 * * *', timeZone: Europe/Berlon}}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | is not in the IANA database",
                "handbook | {ingestion: {window: {from: '22:00', until: '22:00'}}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | from and until are equal",
                "handbook | {ingestion: {window: {from: ten, until: '22:00'}}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | is not a time of day",
                "handbook | {metadata: [{name: a, type: text}], sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | write keyword, long",
                "handbook | {ingestion: {maxDocumentSize: big}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | is not a size",
                "handbook | {deletionPolicy: Maybe, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | write Delete or Retain",
                "handbook | {retrieval: {mode: psychic}, sources: [{name: a, git: {url: u}}], searchClusterRef: {name: s}} | is not known; write one of"
            })
    void saysWhatToWriteInstead(String name, String spec, String sentence) throws Exception {
        assertThat(parse(name, spec))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.sentence()).contains(sentence));
    }

    private static Parsed<CorpusDeclaration> parse(String name, String spec) throws Exception {
        var corpus = YAML.readValue("metadata: {name: " + name + ", namespace: docs}", Corpus.class);
        corpus.setSpec(YAML.readValue(spec, dev.concordance.api.v1alpha1.CorpusSpec.class));
        return Parsed.of(corpus, CorpusParser::parse);
    }
}
