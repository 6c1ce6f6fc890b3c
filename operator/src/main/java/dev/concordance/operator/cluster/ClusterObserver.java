package dev.concordance.operator.cluster;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.BackendFactory;
import dev.concordance.operator.elastic.ClusterFacts;
import dev.concordance.operator.elastic.ConnectionSettings;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Values;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Looks at a SearchCluster: at what it refers to, and at the Elasticsearch behind it. */
final class ClusterObserver {
    private final Values values;
    private final BackendFactory backends;
    private final ClusterConnections connections;
    private final Duration timeout;
    private final Clock clock;

    ClusterObserver(
            Values values, BackendFactory backends, ClusterConnections connections, Duration timeout, Clock clock) {
        this.values = values;
        this.backends = backends;
        this.connections = connections;
        this.timeout = timeout;
        this.clock = clock;
    }

    ClusterObservation observe(SearchCluster cluster) {
        var known = connections.find(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        var parsed = Parsed.of(cluster, ClusterDeclaration::parse);
        var paused = Annotations.isTrue(cluster, Api.PAUSED);
        return switch (parsed) {
            case Parsed.Invalid<ClusterDeclaration> invalid ->
                new ClusterObservation(
                        invalid, paused, Optional.empty(), known, Optional.empty(), Optional.empty(), clock.instant());
            case Parsed.Valid<ClusterDeclaration> valid
            when paused && known.isPresent() -> seen(valid, true, Optional.empty(), known, ask(known.get()));
            case Parsed.Valid<ClusterDeclaration>(var declaration) -> {
                var inputs = inputs(declaration);
                yield inputs.missing().isPresent()
                        ? seen(parsed, paused, inputs.missing(), known, Outcome.NOT_ASKED)
                        : connect(parsed, paused, declaration, inputs, known);
            }
        };
    }

    /** Asks the cluster over the connection that there is, whatever has become of what it was opened with. */
    ClusterObservation observeDeleted(SearchCluster cluster) {
        var known = connections.find(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        var parsed = Parsed.of(cluster, ClusterDeclaration::parse);
        var outcome = known.map(this::ask).orElse(Outcome.NOT_ASKED);
        return seen(parsed, false, Optional.empty(), known, outcome);
    }

    private ClusterObservation connect(
            Parsed<ClusterDeclaration> parsed,
            boolean paused,
            ClusterDeclaration declaration,
            Inputs inputs,
            Optional<ClusterConnection> known) {
        var settings = inputs.fingerprint(declaration);
        try {
            var connection = known.filter(old -> old.settings().equals(settings))
                    .orElseGet(() -> open(declaration, inputs, settings));
            return seen(parsed, paused, Optional.empty(), Optional.of(connection), ask(connection));
        } catch (BackendException unusable) {
            var failure = Outcome.failed(trouble(declaration, unusable));
            return seen(parsed, paused, Optional.empty(), Optional.empty(), failure);
        }
    }

    private ClusterConnection open(ClusterDeclaration declaration, Inputs inputs, String settings) {
        var backend = backends.open(new ConnectionSettings(
                declaration.urls(),
                inputs.caCertificates().orElse(null),
                inputs.authorization().orElse(null),
                timeout));
        return new ClusterConnection(
                declaration, inputs.caCertificates().orElse(null), settings, backend, Optional.empty());
    }

    private Outcome ask(ClusterConnection connection) {
        try {
            var facts = connection.backend().facts(connection.declaration().indexPrefix());
            return new Outcome(Optional.of(facts), Optional.empty());
        } catch (BackendException failed) {
            return Outcome.failed(trouble(connection.declaration(), failed));
        }
    }

    private ClusterObservation seen(
            Parsed<ClusterDeclaration> parsed,
            boolean paused,
            Optional<Trouble> missing,
            Optional<ClusterConnection> connection,
            Outcome outcome) {
        return new ClusterObservation(
                parsed, paused, missing, connection, outcome.facts(), outcome.failure(), clock.instant());
    }

    /** The sentence for a request that was not done. */
    static Trouble trouble(ClusterDeclaration declaration, BackendException failed) {
        var where = String.join(", ", declaration.urls());
        var reason = switch (failed.obstacle()) {
            case UNREACHABLE -> ClusterReason.ElasticsearchUnreachable;
            case CERTIFICATE_UNTRUSTED -> ClusterReason.CertificateUntrusted;
            case CREDENTIALS_REJECTED -> ClusterReason.CredentialsRejected;
            case PRIVILEGE_MISSING -> ClusterReason.PrivilegeMissing;
            case DISK_WATERMARK -> ClusterReason.DiskWatermark;
            case REFUSED -> ClusterReason.Refused;
        };
        var message = reason == ClusterReason.DiskWatermark
                ? reason.message(failed.getMessage())
                : reason.message(where, failed.getMessage());
        return new Trouble(reason, message);
    }

    private Inputs inputs(ClusterDeclaration declaration) {
        var caCertificates = Optional.<String>empty();
        if (declaration.authority().isPresent()) {
            var authority = declaration.authority().get();
            caCertificates = values(authority.object()).flatMap(map -> Optional.ofNullable(map.get(authority.key())));
            if (caCertificates.isEmpty()) {
                return Inputs.missing(ClusterReason.CertificateAuthorityMissing, authority.object(), authority.key());
            }
        }
        if (declaration.operatorSecret().isEmpty()) {
            return new Inputs(Optional.empty(), caCertificates, Optional.empty());
        }
        var secret = Reference.secret(
                declaration.namespace(), declaration.operatorSecret().get());
        var found = values(secret);
        if (found.isEmpty()) {
            return Inputs.missing(ClusterReason.SecretMissing, secret);
        }
        var authorization = authorization(found.get());
        return authorization.isEmpty()
                ? Inputs.missing(ClusterReason.SecretIncomplete, secret)
                : new Inputs(Optional.empty(), caCertificates, authorization);
    }

    private Optional<Map<String, String>> values(Reference reference) {
        return reference.kind().equals("Secret")
                ? values.secret(reference.namespace(), reference.name())
                : values.configMap(reference.namespace(), reference.name());
    }

    private static Optional<String> authorization(Map<String, String> secret) {
        var apiKey = secret.get("apiKey");
        if (apiKey != null) {
            return Optional.of(ConnectionSettings.apiKey(apiKey.strip()));
        }
        var username = secret.get("username");
        var password = secret.get("password");
        return username == null || password == null
                ? Optional.empty()
                : Optional.of(ConnectionSettings.basic(username, password));
    }

    /** What a connection needs beside the declaration. */
    private record Inputs(Optional<Trouble> missing, Optional<String> caCertificates, Optional<String> authorization) {
        static Inputs missing(ClusterReason reason, Object... facts) {
            var trouble = new Trouble(reason, reason.message(facts));
            return new Inputs(Optional.of(trouble), Optional.empty(), Optional.empty());
        }

        String fingerprint(ClusterDeclaration declaration) {
            return new Fingerprint("connection/1")
                    .with("declaration", declaration)
                    .with("caCertificates", caCertificates)
                    .with("authorization", authorization)
                    .digest();
        }
    }

    private record Outcome(Optional<ClusterFacts> facts, Optional<Trouble> failure) {
        static final Outcome NOT_ASKED = new Outcome(Optional.empty(), Optional.empty());

        static Outcome failed(Trouble trouble) {
            return new Outcome(Optional.empty(), Optional.of(trouble));
        }
    }
}
