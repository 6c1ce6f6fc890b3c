package dev.concordance.localcluster.servers;

import dev.concordance.localcluster.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker on loopback as a process of its own, gone with this JVM. Its program is the module {@code e2e/kafka} below the
 * folder that the system property {@code concordance.root} names. Who connects without credentials may do everything;
 * {@link #READER} may read what nobody was given rights to.
 */
public final class KafkaProcess implements AutoCloseable {
    /** A user who proves a password, in any way. */
    public static final String READER = "reader";

    /** Its password, of characters that have a meaning where passwords are written down. */
    public static final String PASSWORD = "reader\"s \\n password;";

    private final Path home;
    private final List<String> command;
    private final Map<Listener, Integer> advertised;
    private JavaServer server;

    /** How it can be talked to. */
    public enum Listener {
        /** By anybody. */
        PLAIN,
        /** By who proves a password. */
        PASSWORD,
        /** Over TLS, by anybody; only with a certificate. */
        TLS,
        /** Over TLS, by who proves a password; only with a certificate. */
        TLS_PASSWORD
    }

    private KafkaProcess(Path home, List<String> command, Map<Listener, Integer> advertised) throws IOException {
        this.home = home;
        this.command = command;
        this.advertised = advertised;
        this.server = JavaServer.start(command, home.resolve("kafka.log"), false);
    }

    /**
     * Starts a new broker and waits until it answers.
     *
     * @param home data and log
     * @param certificate of 127.0.0.1 and its key, in PEM form; null: it has no TLS
     */
    public static KafkaProcess start(Path home, @Nullable String certificate) {
        return start(home, certificate, port -> port);
    }

    /**
     * The same behind something that stands before it.
     *
     * @param before gives the port where who proves a password is told to ask, from the port that is listened at
     */
    public static KafkaProcess start(Path home, @Nullable String certificate, IntUnaryOperator before) {
        try {
            Files.createDirectories(home);
            var ports = ports(certificate != null);
            var advertised = new LinkedHashMap<>(ports);
            advertised.computeIfPresent(Listener.PASSWORD, (listener, port) -> before.applyAsInt(port));
            var settings =
                    settings(home.toAbsolutePath(), ports, FreePorts.take(1).getFirst(), certificate);
            settings.setProperty("advertised.listeners", listeners(advertised));
            var file = home.resolve("server.properties");
            try (var out = Files.newBufferedWriter(file)) {
                settings.store(out, null);
            }
            var command = JavaServer.program(
                    "kafka",
                    "dev.concordance.kafka.Broker",
                    256,
                    file.toString(),
                    String.valueOf(ports.get(Listener.PLAIN)));
            for (var mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-512")) {
                command.add("--add-scram");
                command.add("%s=[name=%s,password=%s]".formatted(mechanism, READER, PASSWORD));
            }
            return new KafkaProcess(home, command, advertised);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port of a listener. */
    public String address(Listener listener) {
        return "127.0.0.1:" + advertised.get(listener);
    }

    /** Its folder with the data of a partition. */
    public Path data(String topic, int partition) {
        return home.resolve("data").resolve(topic + "-" + partition);
    }

    /** Ends it; its data stays. */
    public void stop() {
        server.stop();
    }

    /** Ends it as the kernel would; its data stays. */
    public void kill() {
        server.kill();
    }

    /** Starts it again with its data. */
    public void resume() {
        try {
            server = JavaServer.start(command, home.resolve("kafka.log"), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.kill();
    }

    private static Map<Listener, Integer> ports(boolean tls) throws IOException {
        var ports = new LinkedHashMap<Listener, Integer>();
        for (var listener : Listener.values()) {
            if (tls || listener == Listener.PLAIN || listener == Listener.PASSWORD) {
                ports.put(listener, FreePorts.take(1).getFirst());
            }
        }
        return ports;
    }

    private static Properties settings(
            Path home, Map<Listener, Integer> ports, int controller, @Nullable String certificate) throws IOException {
        var settings = new Properties();
        var protocols = new StringBuilder("CONTROLLER:PLAINTEXT");
        ports.keySet().forEach(listener -> protocols.append(",%s:%s".formatted(listener, protocol(listener))));
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.bootstrap.servers", "127.0.0.1:" + controller);
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("inter.broker.listener.name", Listener.PLAIN.name());
        settings.setProperty("listeners", "CONTROLLER://127.0.0.1:%d,%s".formatted(controller, listeners(ports)));
        settings.setProperty("listener.security.protocol.map", protocols.toString());
        settings.setProperty("log.dirs", home.resolve("data").toString());
        settings.setProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.setProperty("super.users", "User:ANONYMOUS");
        settings.setProperty("allow.everyone.if.no.acl.found", "true");
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "1");
        // What has to be waited for in a test comes soon.
        settings.setProperty("log.cleaner.backoff.ms", "200");
        settings.setProperty("log.retention.check.interval.ms", "500");
        settings.setProperty("log.initial.task.delay.ms", "500");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "4194304");
        settings.setProperty("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
        for (var listener : List.of(Listener.PASSWORD, Listener.TLS_PASSWORD)) {
            passwords(settings, "listener.name." + listener.name().toLowerCase(Locale.ROOT) + ".");
        }
        if (certificate != null) {
            settings.setProperty("ssl.keystore.type", "PEM");
            settings.setProperty(
                    "ssl.keystore.location",
                    Files.writeString(home.resolve("host.pem"), certificate).toString());
        }
        return settings;
    }

    private static String listeners(Map<Listener, Integer> ports) {
        return ports.entrySet().stream()
                .map(one -> "%s://127.0.0.1:%d".formatted(one.getKey(), one.getValue()))
                .collect(Collectors.joining(","));
    }

    private static void passwords(Properties settings, String listener) {
        var escaped = PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"");
        settings.setProperty(
                listener + "plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\";"
                        .formatted(READER, escaped));
        for (var mechanism : List.of("scram-sha-256", "scram-sha-512")) {
            settings.setProperty(
                    listener + mechanism + ".sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }
    }

    private static String protocol(Listener listener) {
        return switch (listener) {
            case PLAIN -> "PLAINTEXT";
            case PASSWORD -> "SASL_PLAINTEXT";
            case TLS -> "SSL";
            case TLS_PASSWORD -> "SASL_SSL";
        };
    }
}
