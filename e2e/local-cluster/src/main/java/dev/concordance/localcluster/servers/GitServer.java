package dev.concordance.localcluster.servers;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/**
 * Serves one git repository, read-only, over git's smart HTTP protocol (gitprotocol-http(5)) on loopback, as a git host
 * would: what is committed is there at once.
 */
public final class GitServer implements AutoCloseable {
    private static final String SERVICE = "git-upload-pack";

    private final HttpServer http;
    private final ExecutorService threads;
    private final Path repository;
    private final String path;

    private GitServer(HttpServer http, Path repository, String path) {
        this.http = http;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.repository = repository;
        this.path = path;
    }

    /** A user name and the password that the server asks for. */
    public record Credentials(String username, String password) {}

    /**
     * Serves the repository that {@code folder} is in.
     *
     * @param port on 127.0.0.1; 0: any
     * @param name of the repository in its URL, without {@code .git}
     */
    public static GitServer start(int port, Path folder, String name, @Nullable Credentials credentials) {
        try {
            return start(HttpServer.create(at(port), 0), folder, name, credentials);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same on any port over TLS. */
    public static GitServer startSecured(SSLContext tls, Path folder, String name) {
        try {
            var https = HttpsServer.create(at(0), 0);
            https.setHttpsConfigurator(new HttpsConfigurator(tls));
            return start(https, folder, name, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static GitServer start(HttpServer http, Path folder, String name, @Nullable Credentials credentials) {
        var server = new GitServer(http, folder, "/" + name + ".git");
        var context = http.createContext(server.path, server::answer);
        if (credentials != null) {
            context.setAuthenticator(new BasicAuthenticator(name) {
                @Override
                public boolean checkCredentials(String username, String password) {
                    return credentials.equals(new Credentials(username, password));
                }
            });
        }
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    /** The URL to clone from. */
    public URI url() {
        return URI.create((http instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + http.getAddress().getPort() + path);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange;
                var served = open()) {
            var asked = exchange.getRequestURI().getPath().substring(path.length());
            var query = exchange.getRequestURI().getQuery();
            if (asked.equals("/info/refs") && ("service=" + SERVICE).equals(query)) {
                advertise(exchange, served);
            } else if (asked.equals("/" + SERVICE)
                    && exchange.getRequestMethod().equals("POST")) {
                upload(exchange, served);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private Repository open() throws IOException {
        var builder = new FileRepositoryBuilder().setMustExist(true).findGitDir(repository.toFile());
        if (builder.getGitDir() == null && Files.isRegularFile(repository.resolve("HEAD"))) {
            builder.setGitDir(repository.toFile());
        }
        if (builder.getGitDir() == null) {
            throw new RepositoryNotFoundException(repository.toFile());
        }
        return builder.build();
    }

    private static void advertise(HttpExchange exchange, Repository served) throws IOException {
        var body = new ByteArrayOutputStream();
        var packets = new PacketLineOut(body);
        var upload = uploadPack(exchange, served);
        if (!isVersion2(exchange)) {
            packets.writeString("# service=" + SERVICE + "\n");
            packets.end();
        }
        upload.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(packets), SERVICE);
        respond(exchange, "advertisement");
        try (var out = exchange.getResponseBody()) {
            body.writeTo(out);
        }
    }

    private static void upload(HttpExchange exchange, Repository served) throws IOException {
        try (var in = requestBody(exchange);
                OutputStream out = new LazyBody(exchange)) {
            uploadPack(exchange, served).upload(in, out, null);
        }
    }

    private static UploadPack uploadPack(HttpExchange exchange, Repository served) {
        var upload = new UploadPack(served);
        upload.setBiDirectionalPipe(false);
        upload.setRequestPolicy(UploadPack.RequestPolicy.ANY);
        if (isVersion2(exchange)) {
            upload.setExtraParameters(List.of("version=2"));
        }
        return upload;
    }

    private static boolean isVersion2(HttpExchange exchange) {
        var protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
        return protocol != null && protocol.contains("version=2");
    }

    private static InputStream requestBody(HttpExchange exchange) throws IOException {
        var encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
        return "gzip".equals(encoding) ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
    }

    private static void respond(HttpExchange exchange, String kind) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-" + SERVICE + "-" + kind);
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
    }

    /** Sends the head of the response with the first byte, so that a request which fails before it gets a 500. */
    private static final class LazyBody extends OutputStream {
        private final HttpExchange exchange;
        private @Nullable OutputStream body;

        LazyBody(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (body == null) {
                respond(exchange, "result");
                body = exchange.getResponseBody();
            }
            body.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (body != null) {
                body.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (body != null) {
                body.close();
            }
        }
    }
}
