package dev.concordance.source.kafka;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.manifest.SourceManifest.Kafka.Mechanism;
import dev.concordance.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Clients of declared brokers. Their properties are ours alone: properties can name classes to load and files to send. A consumer
 * belongs to no group, so it commits nothing and needs no right to.
 */
record KafkaClients(Admin admin, Consumer<ByteBuffer, ByteBuffer> consumer, Duration patience)
        implements AutoCloseable {
    /** How long is waited for an answer. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int REQUEST_MILLIS = 15_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int LONGEST_PAUSE_MILLIS = 1_000;
    private static final int WATCH_MILLIS = 5_000;
    private static final int BYTES_AT_ONCE = 8 << 20;
    private static final String MODULES = "org.apache.kafka.common.security.";

    /**
     * Connects to nobody yet.
     *
     * @param credentials folder of the mounted Secret; null: there are none
     * @param patience after so long without an answer the source is unreachable
     */
    static KafkaClients open(String source, Kafka kafka, @Nullable Path credentials, Duration patience) {
        var properties = properties(source, kafka, credentials, patience);
        var admin = Admin.create(properties);
        try {
            return new KafkaClients(admin, consumer(properties), patience);
        } catch (RuntimeException e) {
            admin.close(GRACE);
            throw e;
        }
    }

    /** A consumer alone, of which little is read. */
    static Consumer<ByteBuffer, ByteBuffer> watching(String source, Kafka kafka, @Nullable Path credentials) {
        var properties = properties(source, kafka, credentials, PATIENCE);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, WATCH_MILLIS);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return consumer(properties);
    }

    /** Says good-bye to brokers that are still there. */
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(GRACE));
        admin.close(GRACE);
    }

    private static Map<String, Object> properties(
            String source, Kafka kafka, @Nullable Path credentials, Duration patience) {
        var properties = new HashMap<String, Object>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "concordance");
        properties.put(
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.min(REQUEST_MILLIS, (int) patience.toMillis()));
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, (long) CONNECT_MILLIS);
        properties.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, (long) CONNECT_MILLIS);
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, (long) LONGEST_PAUSE_MILLIS);
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol(kafka).name);
        // The name in a broker's certificate is verified: said here, whatever a release has as its default.
        properties.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "https");
        if (kafka.tls() && kafka.caCertificates() != null) {
            properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            properties.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, kafka.caCertificates());
        }
        if (kafka.sasl() != null && credentials != null) {
            properties.put(SaslConfigs.SASL_MECHANISM, name(kafka.sasl().mechanism()));
            properties.put(
                    SaslConfigs.SASL_JAAS_CONFIG, login(source, kafka.sasl().mechanism(), credentials));
        }
        return properties;
    }

    /** A consumer that sees no record of a transaction that was not committed, and never reads from elsewhere than told. */
    private static Consumer<ByteBuffer, ByteBuffer> consumer(Map<String, Object> properties) {
        var all = new HashMap<>(properties);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, BYTES_AT_ONCE);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, BYTES_AT_ONCE);
        return new KafkaConsumer<>(all, new ByteBufferDeserializer(), new ByteBufferDeserializer());
    }

    private static SecurityProtocol protocol(Kafka kafka) {
        if (kafka.sasl() == null) {
            return kafka.tls() ? SecurityProtocol.SSL : SecurityProtocol.PLAINTEXT;
        }
        return kafka.tls() ? SecurityProtocol.SASL_SSL : SecurityProtocol.SASL_PLAINTEXT;
    }

    private static String name(Mechanism mechanism) {
        return switch (mechanism) {
            case Plain -> "PLAIN";
            case ScramSha256 -> "SCRAM-SHA-256";
            case ScramSha512 -> "SCRAM-SHA-512";
        };
    }

    private static String login(String source, Mechanism mechanism, Path credentials) {
        var module = mechanism == Mechanism.Plain ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return "%s%s required username=\"%s\" password=\"%s\";"
                .formatted(
                        MODULES,
                        module,
                        escaped(credential(source, credentials, "username").strip()),
                        escaped(credential(source, credentials, "password").stripTrailing()));
    }

    /** Within quotes of a JAAS configuration, which has the escapes of Java and ends a text with the line. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String credential(String source, Path folder, String key) {
        try {
            return Files.readString(folder.resolve(key));
        } catch (IOException e) {
            throw SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "the Secret of kafka.credentialsSecretRef needs the keys username and password",
                    e);
        }
    }
}
