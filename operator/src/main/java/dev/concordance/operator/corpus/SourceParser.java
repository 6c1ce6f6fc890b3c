package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusSource;
import dev.concordance.api.v1alpha1.JdbcSource;
import dev.concordance.api.v1alpha1.KafkaSource;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.api.v1alpha1.PushSource;
import dev.concordance.api.v1alpha1.RateLimit;
import dev.concordance.api.v1alpha1.WebSource;
import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.kube.Authority;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses the sources of a Corpus. */
final class SourceParser {
    private static final String REF = "HEAD";
    private static final String REGION = "us-east-1";
    private static final String DELAY = "250ms";
    private static final int MAX_PAGES = 1_000;
    private static final int MAX_DEPTH = 10;
    private static final int POSTGRESQL = 5_432;
    private static final int MARIADB = 3_306;

    private SourceParser() {}

    static DeclaredSource parse(String namespace, CorpusSource source) {
        var name = Defaults.required(source.name(), "spec.sources.name");
        var places = Stream.<CorpusSource.Place>of(
                        source.git(),
                        source.s3(),
                        source.web(),
                        source.jdbc(),
                        source.kafka(),
                        source.push(),
                        source.volume(),
                        source.configMap())
                .filter(Objects::nonNull)
                .toList();
        if (places.size() != 1) {
            throw new InvalidSpec(
                    "spec.sources: set exactly one of git, s3, web, jdbc, kafka, push, volume and configMap in source "
                            + name);
        }
        return switch (places.getFirst()) {
            case CorpusSource.Git git -> git(namespace, source, git);
            case CorpusSource.S3 s3 -> s3(namespace, source, s3);
            case WebSource web -> web(namespace, source, web);
            case JdbcSource jdbc -> jdbc(namespace, source, jdbc);
            case KafkaSource kafka -> kafka(namespace, source, kafka);
            case PushSource push ->
                new DeclaredSource(manifest(new SourceManifest.Push(), source), "", Optional.empty(), Optional.empty());
            case CorpusSource.Volume volume -> volume(namespace, source, volume);
            case CorpusSource.ConfigMap map -> configMap(namespace, source, map);
        };
    }

    private static DeclaredSource git(String namespace, CorpusSource source, CorpusSource.Git git) {
        var secret = secret(namespace, git.credentialsSecretRef());
        var mount = "git-" + source.name();
        var location = new SourceManifest.Git(
                Defaults.required(git.url(), "spec.sources.git.url"),
                Defaults.or(git.ref(), REF),
                secret.isPresent() ? mount : null,
                null);
        return new DeclaredSource(
                manifest(location, source), mount, secret, Authority.of(namespace, git.caConfigMapRef()));
    }

    private static DeclaredSource s3(String namespace, CorpusSource source, CorpusSource.S3 s3) {
        var secret = secret(namespace, s3.credentialsSecretRef());
        var mount = "s3-" + source.name();
        var location = new SourceManifest.S3(
                Defaults.required(s3.bucket(), "spec.sources.s3.bucket"),
                Defaults.or(s3.prefix(), ""),
                s3.endpoint(),
                Defaults.or(s3.region(), REGION),
                Defaults.or(s3.pathStyle(), s3.endpoint() != null),
                secret.isPresent() ? mount : null,
                podIdentity(source, s3),
                null,
                rateLimit(s3.rateLimit()),
                queue(s3));
        return new DeclaredSource(
                manifest(location, source), mount, secret, Authority.of(namespace, s3.caConfigMapRef()));
    }

    private static @Nullable BucketQueue queue(CorpusSource.S3 s3) {
        if (s3.notifications() == null) {
            return null;
        }
        var sqs = Defaults.required(s3.notifications().sqs(), "spec.sources.s3.notifications.sqs");
        return new BucketQueue(
                Defaults.required(sqs.queueUrl(), "spec.sources.s3.notifications.sqs.queueUrl"),
                Defaults.or(sqs.region(), Defaults.or(s3.region(), REGION)));
    }

    private static boolean podIdentity(CorpusSource source, CorpusSource.S3 s3) {
        var isDeclared = Defaults.or(s3.podIdentity(), false);
        if (isDeclared && s3.credentialsSecretRef() != null) {
            throw new InvalidSpec(
                    "spec.sources.s3: write credentialsSecretRef or podIdentity in source " + source.name());
        }
        return isDeclared;
    }

    private static SourceManifest.RateLimit rateLimit(@Nullable RateLimit declared) {
        return declared == null
                ? SourceManifest.RateLimit.NONE
                : new SourceManifest.RateLimit(
                        Defaults.or(declared.requestsPerMinute(), 0),
                        declared.bytesPerSecond() == null
                                ? 0
                                : Defaults.bytes(
                                        declared.bytesPerSecond(), "0", "spec.sources.rateLimit.bytesPerSecond"));
    }

    private static DeclaredSource web(String namespace, CorpusSource source, WebSource web) {
        var urls = Defaults.or(web.urls(), List.<String>of());
        var sitemaps = Defaults.or(web.sitemaps(), List.<String>of());
        if (urls.isEmpty() && sitemaps.isEmpty()) {
            throw new InvalidSpec(
                    "spec.sources.web: declare at least one of urls and sitemaps in source " + source.name());
        }
        var secret = secret(namespace, web.credentialsSecretRef());
        var mount = "web-" + source.name();
        var location = new SourceManifest.Web(
                urls,
                sitemaps,
                Defaults.or(web.hosts(), List.of()),
                Defaults.or(web.maxDepth(), urls.isEmpty() ? 0 : MAX_DEPTH),
                Defaults.or(web.maxPages(), MAX_PAGES),
                Defaults.duration(web.delay(), DELAY, "spec.sources.web.delay").toMillis(),
                web.userAgentSuffix(),
                secret.isPresent() ? mount : null,
                null,
                false);
        return new DeclaredSource(
                manifest(location, source), mount, secret, Authority.of(namespace, web.caConfigMapRef()));
    }

    private static DeclaredSource jdbc(String namespace, CorpusSource source, JdbcSource jdbc) {
        var engine = Defaults.constant(
                SourceManifest.Jdbc.Engine.class,
                Defaults.required(jdbc.engine(), "spec.sources.jdbc.engine"),
                "spec.sources.jdbc.engine");
        var secret = Defaults.required(jdbc.credentialsSecretRef(), "spec.sources.jdbc.credentialsSecretRef");
        var mount = "jdbc-" + source.name();
        var location = new SourceManifest.Jdbc(
                engine,
                Defaults.required(jdbc.host(), "spec.sources.jdbc.host"),
                Defaults.or(jdbc.port(), engine == SourceManifest.Jdbc.Engine.PostgreSQL ? POSTGRESQL : MARIADB),
                Defaults.required(jdbc.database(), "spec.sources.jdbc.database"),
                Defaults.required(jdbc.query(), "spec.sources.jdbc.query"),
                new SourceManifest.Jdbc.Columns(
                        Defaults.or(jdbc.keyColumn(), "id"),
                        Defaults.or(jdbc.contentColumn(), "content"),
                        jdbc.changeColumn(),
                        jdbc.deletedColumn(),
                        jdbc.titleColumn(),
                        jdbc.uriColumn(),
                        Defaults.or(jdbc.metadataColumns(), List.of())),
                Defaults.constant(
                        SourceManifest.Jdbc.Format.class,
                        Defaults.or(jdbc.format(), "text"),
                        "spec.sources.jdbc.format"),
                verifies(jdbc.tls(), "spec.sources.jdbc.tls"),
                mount,
                null,
                rateLimit(jdbc.rateLimit()));
        return new DeclaredSource(
                manifest(location, source),
                mount,
                secret(namespace, secret),
                Authority.of(namespace, jdbc.caConfigMapRef()));
    }

    private static DeclaredSource kafka(String namespace, CorpusSource source, KafkaSource kafka) {
        var secret = secret(namespace, kafka.credentialsSecretRef());
        var mount = "kafka-" + source.name();
        var mechanism = Defaults.constant(
                SourceManifest.Kafka.Mechanism.class,
                Defaults.or(kafka.mechanism(), "ScramSha512"),
                "spec.sources.kafka.mechanism");
        var location = new SourceManifest.Kafka(
                Defaults.required(kafka.bootstrapServers(), "spec.sources.kafka.bootstrapServers"),
                Defaults.required(kafka.topic(), "spec.sources.kafka.topic"),
                secret.isPresent() ? new SourceManifest.Kafka.Sasl(mechanism, mount) : null,
                json(kafka.json()),
                Defaults.constant(
                        SourceManifest.Jdbc.Format.class,
                        Defaults.or(kafka.format(), "text"),
                        "spec.sources.kafka.format"),
                verifies(kafka.tls(), "spec.sources.kafka.tls"),
                null);
        return new DeclaredSource(
                manifest(location, source), mount, secret, Authority.of(namespace, kafka.caConfigMapRef()));
    }

    private static SourceManifest.@Nullable JsonLines json(KafkaSource.@Nullable Json declared) {
        return declared == null
                ? null
                : new SourceManifest.JsonLines(
                        "",
                        declared.titleField(),
                        Defaults.or(declared.contentField(), "content"),
                        declared.uriField(),
                        Defaults.or(declared.metadataFields(), List.of()));
    }

    private static boolean verifies(@Nullable String tls, String field) {
        return switch (Defaults.or(tls, "Verify")) {
            case "Verify" -> true;
            case "Disabled" -> false;
            default -> throw new InvalidSpec(field + ": write Verify or Disabled");
        };
    }

    private static DeclaredSource volume(String namespace, CorpusSource source, CorpusSource.Volume volume) {
        var claim = Defaults.required(volume.claimName(), "spec.sources.volume.claimName");
        var path = Defaults.or(volume.path(), "");
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new InvalidSpec(
                    "spec.sources.volume.path: \"" + path + "\" leaves the volume; write a path below its root");
        }
        var mount = "volume-" + source.name();
        return new DeclaredSource(
                manifest(new SourceManifest.Volume(mount, path), source),
                mount,
                Optional.of(Reference.claim(namespace, claim)),
                Optional.empty());
    }

    private static DeclaredSource configMap(String namespace, CorpusSource source, CorpusSource.ConfigMap map) {
        var name = Defaults.required(map.name(), "spec.sources.configMap.name");
        var mount = "map-" + source.name();
        return new DeclaredSource(
                manifest(new SourceManifest.ConfigMap(mount, ""), source),
                mount,
                Optional.of(Reference.configMap(namespace, name)),
                Optional.empty());
    }

    private static Optional<Reference> secret(String namespace, @Nullable LocalReference declared) {
        return declared == null || declared.name() == null
                ? Optional.empty()
                : Optional.of(Reference.secret(namespace, declared.name()));
    }

    private static SourceManifest manifest(SourceManifest.Location location, CorpusSource source) {
        return new SourceManifest(
                String.valueOf(source.name()),
                location,
                Defaults.or(source.include(), List.of()),
                Defaults.or(source.exclude(), List.of()),
                source.uriTemplate(),
                jsonLines(source.jsonl()));
    }

    private static SourceManifest.@Nullable JsonLines jsonLines(CorpusSource.@Nullable JsonLines declared) {
        return declared == null
                ? null
                : new SourceManifest.JsonLines(
                        Defaults.or(declared.idField(), "id"),
                        declared.titleField(),
                        Defaults.or(declared.textField(), "text"),
                        declared.uriField(),
                        Defaults.or(declared.metadataFields(), List.of()));
    }
}
