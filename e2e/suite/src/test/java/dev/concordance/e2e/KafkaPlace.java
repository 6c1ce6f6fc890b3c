package dev.concordance.e2e;

import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.localcluster.servers.KafkaProcess.Listener;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.SourceManifest.Kafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A compacted topic of a broker on loopback, read by a user who may do no more. */
final class KafkaPlace implements Place {
    private static final String TOPIC = "handbook";
    private static final int PARTITIONS = 3;

    private static final String NOISE = "noise";
    private static final int NOISE_BYTES = 300_000;
    /** More than it takes to find out what there is to read. */
    private static final int CUT = 100_000;

    private final List<CuttingProxy> proxies = new ArrayList<>();
    private final KafkaProcess broker;
    private final DocumentFolder secret;
    private final KafkaProducer<String, String> producer;

    /** Starts the broker, and makes the Secret of the reader. */
    KafkaPlace(Cluster cluster, String namespace, Path folder) {
        broker = KafkaProcess.start(folder.resolve("broker"), null, this::before);
        secret = new DocumentFolder(folder.resolve("secret"));
        secret.write("username", KafkaProcess.READER);
        secret.write("password", KafkaProcess.PASSWORD);
        cluster.kubectl()
                .run("create", "secret", "generic", "kafka-read", "-n", namespace, "--from-file=" + secret.path());
        Map<String, Object> owner = Map.of("bootstrap.servers", broker.address(Listener.PLAIN));
        try (var admin = Admin.create(owner)) {
            var topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())
                    .configs(Map.of("cleanup.policy", "compact"));
            await(admin.createTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
        }
        producer = new KafkaProducer<>(owner, new StringSerializer(), new StringSerializer());
    }

    private int before(int port) {
        proxies.add(CuttingProxy.before(port));
        return proxies.getLast().port();
    }

    @Override
    public String declaration() {
        return "kafka: {bootstrapServers: [\"%s\"], topic: %s, tls: Disabled, credentialsSecretRef: {name: kafka-read}, format: markdown}"
                .formatted(broker.address(Listener.PASSWORD), TOPIC);
    }

    @Override
    public SourceManifest.Location location() {
        return new Kafka(
                List.of(broker.address(Listener.PASSWORD)),
                TOPIC,
                new Kafka.Sasl(Kafka.Mechanism.ScramSha512, "kafka"),
                null,
                Format.markdown,
                false,
                null);
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of("kafka", secret.path());
    }

    @Override
    public boolean isWatched() {
        return false;
    }

    @Override
    public void write(String path, String text) {
        send(path, text);
    }

    @Override
    public void remove(String path) {
        send(path, null);
    }

    /** Breaks the answer off that has a large record. */
    @Override
    public void fail() {
        proxies.getFirst().cutAfter(CUT);
        send(NOISE, "noise ".repeat(NOISE_BYTES / "noise ".length()));
    }

    @Override
    public void recover() {
        Place.requireMet(proxies.getFirst());
        send(NOISE, null);
        proxies.getFirst().mend();
    }

    @Override
    public void close() {
        producer.close();
        proxies.getFirst().close();
        broker.close();
    }

    private void send(String key, @Nullable String value) {
        await(producer.send(new ProducerRecord<>(TOPIC, key, value)));
    }

    private static void await(Future<?> future) {
        try {
            var unused = future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
