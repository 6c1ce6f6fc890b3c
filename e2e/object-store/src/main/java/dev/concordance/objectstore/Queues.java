package dev.concordance.objectstore;

import java.io.IOException;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/** Queues with the API of Amazon SQS on loopback, which are in memory and take requests of everybody. */
public final class Queues {
    private Queues() {}

    /**
     * Starts it and, once it answers, prints {@code STARTED} and its port; ends when standard input does.
     *
     * @param args a port or 0
     */
    public static void main(String[] args) throws IOException {
        var server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withPort(Integer.parseInt(args[0]))
                .start();
        System.out.println("STARTED " + server.waitUntilStarted().localAddress().getPort());
        ObjectStore.endWithParent();
    }
}
