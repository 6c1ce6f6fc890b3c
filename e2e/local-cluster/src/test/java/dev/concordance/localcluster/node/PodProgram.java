package dev.concordance.localcluster.node;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** What runs in the pods of {@link TestNode}. */
public final class PodProgram {
    private PodProgram() {}

    /** {@code serve FOLDER}, {@code copy FILE --to=FILE}, or {@code fail CODE MESSAGE}. */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("fail")) {
            System.out.println(arguments[2]);
            System.exit(Integer.parseInt(arguments[1]));
        }
        if (arguments[0].equals("copy")) {
            Files.copy(Path.of(arguments[1]), Path.of(arguments[2].substring("--to=".length())));
            return;
        }
        serve(Path.of(arguments[1]));
    }

    private static void serve(Path folder) throws IOException {
        var ready = new AtomicBoolean(true);
        var server = HttpServer.create(new InetSocketAddress(System.getenv("POD_LOOPBACK_ADDRESS"), 8080), 0);
        server.createContext("/", exchange -> {
            var uri = exchange.getRequestURI();
            var answer = answer(uri, folder, ready).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(uri.getPath().equals("/ready") && !ready.get() ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        System.out.println("serves " + folder);
    }

    private static String answer(URI uri, Path folder, AtomicBoolean ready) throws IOException {
        return switch (uri.getPath()) {
            case "/name" -> System.getenv("POD_NAME");
            case "/file" -> Files.readString(folder.resolve(uri.getQuery()));
            case "/environment" -> String.valueOf(System.getenv(uri.getQuery()));
            case "/unready" -> {
                ready.set(false);
                yield System.getenv("POD_NAME");
            }
            case "/pid" -> String.valueOf(ProcessHandle.current().pid());
            case "/burn" -> burn();
            case "/crash" -> {
                Runtime.getRuntime().halt(7);
                yield "";
            }
            default -> "ok";
        };
    }

    private static String burn() {
        Thread.ofPlatform().daemon().start(() -> {
            var sum = 0L;
            while (!Thread.interrupted()) {
                sum += System.nanoTime();
            }
            System.out.println(sum);
        });
        return "burning";
    }
}
