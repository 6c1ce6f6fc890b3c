package dev.concordance.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A broker that is its own controller (KRaft). */
public final class Broker {
    private Broker() {}

    /**
     * Starts it and, once it answers, prints {@code STARTED} and the port of its first listener. A new one gets its storage
     * formatted first.
     *
     * @param args a file of broker settings, a port to print, and what else to tell the formatter, such as {@code --add-scram}; ends
     *     when standard input does
     */
    public static void main(String[] args) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(args[0]))) {
            settings.load(in);
        }
        if (!Files.exists(Path.of(settings.getProperty("log.dirs"), "meta.properties"))) {
            format(args);
        }
        var server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        System.out.println("STARTED " + args[1]);
        endWithParent();
    }

    private static void format(String[] args) {
        var command = new String[args.length + 4];
        System.arraycopy(
                new String[] {"format", "--cluster-id", Uuid.randomUuid().toString(), "--standalone", "--config", args[0]},
                0,
                command,
                0,
                6);
        System.arraycopy(args, 2, command, 6, args.length - 2);
        if (StorageTool.execute(command, System.out) != 0) {
            throw new IllegalStateException("the storage can't be formatted");
        }
    }

    private static void endWithParent() throws IOException {
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
