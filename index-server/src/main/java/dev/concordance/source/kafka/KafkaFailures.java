package dev.concordance.source.kafka;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.source.SourceException;
import dev.concordance.tls.Authorities;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What the failure of a conversation with Kafka means to the user. */
final class KafkaFailures {
    private final String source;
    private final Kafka kafka;

    KafkaFailures(String source, Kafka kafka) {
        this.source = source;
        this.kafka = kafka;
    }

    /** The topic can't be read, and why. */
    SourceException explained(KafkaException e) {
        if (Causes.has(e, SslAuthenticationException.class) || Causes.has(e, SSLException.class)) {
            return failure(
                    FailureReason.SourceUnreachable,
                    Authorities.remedy(brokers(), e, "kafka.caConfigMapRef, or write kafka.tls: Disabled"),
                    e);
        }
        if (Causes.has(e, UnsupportedSaslMechanismException.class) || Causes.has(e, IllegalSaslStateException.class)) {
            return failure(
                    FailureReason.SourceInvalid,
                    "%s want another proof of credentials: correct kafka.mechanism, or the port; %s"
                            .formatted(brokers(), Causes.told(e)),
                    e);
        }
        return denied(e);
    }

    private SourceException denied(KafkaException e) {
        if (Causes.has(e, AuthenticationException.class)) {
            return failure(
                    FailureReason.SourceUnauthorized,
                    "%s refuse the user of kafka.credentialsSecretRef: %s".formatted(brokers(), Causes.told(e)),
                    e);
        }
        if (Causes.has(e, AuthorizationException.class)) {
            return failure(
                    FailureReason.SourceUnauthorized,
                    "the topic %s of %s may not be read: grant the user Read, Describe and DescribeConfigs on it"
                            .formatted(kafka.topic(), brokers()),
                    e);
        }
        return mistaken(e);
    }

    private SourceException mistaken(KafkaException e) {
        if (Causes.has(e, UnknownTopicOrPartitionException.class) || Causes.has(e, InvalidTopicException.class)) {
            return failure(
                    FailureReason.SourceInvalid,
                    "%s have no topic %s that the user may see: create it, or correct kafka.topic"
                            .formatted(brokers(), kafka.topic()),
                    e);
        }
        if (Causes.has(e, UnsupportedVersionException.class)) {
            return failure(
                    FailureReason.SourceInvalid,
                    "%s are too old, Kafka 2.8 is needed: %s".formatted(brokers(), Causes.told(e)),
                    e);
        }
        // Those of credentials and rights are of this type too, and were told before.
        if (Causes.has(e, InvalidConfigurationException.class)) {
            return failure(
                    FailureReason.SourceInvalid,
                    "kafka.caConfigMapRef holds no certificates: give some in PEM form",
                    e);
        }
        if (Causes.has(e, ConfigException.class)) {
            return failure(
                    FailureReason.SourceUnreachable,
                    "no address for any of %s: correct kafka.bootstrapServers".formatted(brokers()),
                    e);
        }
        return unheard(e);
    }

    private SourceException unheard(KafkaException e) {
        if (kafka.sasl() == null && Causes.has(e, TimeoutException.class) && Handshake.isWanted(kafka)) {
            return failure(
                    FailureReason.SourceUnauthorized,
                    "%s want credentials, and none are declared: give them in kafka.credentialsSecretRef"
                            .formatted(brokers()),
                    e);
        }
        return failure(
                FailureReason.SourceUnreachable,
                "topic %s of %s can't be read: look after the brokers and the network, or correct kafka.bootstrapServers, kafka.tls and kafka.credentialsSecretRef; %s"
                        .formatted(kafka.topic(), brokers(), Causes.told(e)),
                e);
    }

    /** Records whose keys nobody can tell, so that nothing can be said of any document. */
    SourceException unreadable(int partition, long offset, Throwable cause) {
        return failure(
                FailureReason.SourceUnreachable,
                "partition %d of topic %s can't be read from offset %d on, and which documents that concerns can't be told: restore the partition from a replica, or write its documents into a new topic; %s"
                        .formatted(partition, kafka.topic(), offset, Causes.told(cause)),
                cause);
    }

    SourceException failure(FailureReason reason, String what, @Nullable Throwable cause) {
        return SourceException.of(source, reason, what, cause);
    }

    private String brokers() {
        return String.join(", ", kafka.bootstrapServers());
    }
}
