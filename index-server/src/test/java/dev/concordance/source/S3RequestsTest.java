package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.SourceManifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a store is asked: at which host, for which path, and signed by what. */
class S3RequestsTest {
    private static final List<String> PROXY = List.of("http.proxyHost", "http.proxyPort");
    private static final String LISTING =
            "<ListBucketResult><Name>handbook</Name><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>a.md</Key><ETag>\"1\"</ETag><Size>1</Size></Contents></ListBucketResult>";

    /** Each line by line. */
    private final List<List<String>> requests = new CopyOnWriteArrayList<>();

    private ServerSocket server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        PROXY.forEach(System::clearProperty);
    }

    @Test
    void asksForTheBucketByThePathOrByTheHost() {
        // Names below the store's are nobody's here, so whoever stands for all hosts is asked.
        System.setProperty("http.proxyHost", "127.0.0.1");
        System.setProperty("http.proxyPort", String.valueOf(server.getLocalPort()));
        list("http://store.test", true);
        list("http://store.test", false);
        assertThat(requests)
                .extracting(request -> header(request, "host"))
                .containsExactly("store.test", "handbook.store.test");
        assertThat(requests.getFirst().getFirst()).contains("/handbook?");
        assertThat(requests.getLast().getFirst()).doesNotContain("/handbook?");
    }

    @Test
    void sendsTheSessionTokenOfASecretThatHasOneAndSignsIt() throws IOException {
        Files.writeString(folder.resolve("accessKeyId"), "key");
        Files.writeString(folder.resolve("secretAccessKey"), "secret");
        list("http://127.0.0.1:" + server.getLocalPort(), true);
        Files.writeString(folder.resolve("sessionToken"), "the-session\n");
        list("http://127.0.0.1:" + server.getLocalPort(), true);
        assertThat(header(requests.getFirst(), "x-amz-security-token")).isEmpty();
        assertThat(header(requests.getLast(), "x-amz-security-token")).isEqualTo("the-session");
        assertThat(header(requests.getLast(), "authorization")).contains("x-amz-security-token");
    }

    private void list(String endpoint, boolean pathStyle) {
        var s3 = new SourceManifest.S3(
                "handbook",
                "",
                endpoint,
                "us-east-1",
                pathStyle,
                Files.exists(folder.resolve("accessKeyId")) ? "secret" : null,
                false,
                null,
                SourceManifest.RateLimit.NONE,
                null);
        var declared = new SourceManifest("docs", s3, List.of(), List.of(), null, null);
        try (var source = Sources.open(declared, new Reading(name -> folder, folder, 1_000, path -> false))) {
            assertThat(Listed.of(source).entries()).hasSize(1);
        }
    }

    private static String header(List<String> request, String name) {
        return request.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private void serve() {
        while (!server.isClosed()) {
            try (var client = server.accept();
                    var in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
                requests.add(in.lines().takeWhile(line -> !line.isEmpty()).toList());
                client.getOutputStream()
                        .write("""
                        HTTP/1.1 200 OK\r
                        Content-Type: application/xml\r
                        Content-Length: %d\r
                        Connection: close\r
                        \r
                        %s""".formatted(LISTING.length(), LISTING).getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                assertThat(requests).isNotNull();
            }
        }
    }
}
