package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A git host with a certificate of an authority that only its own house trusts. */
class GitOverTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static KeyStore store;

    @TempDir
    private Path folder;

    private TestRepository repository;
    private GitServer server;

    @BeforeAll
    static void certify(@TempDir Path keys) throws Exception {
        keytool(keys, "-alias", "ours", "-dname", "CN=Our authority", "-ext", "bc:critical=ca:true");
        keytool(keys, "-alias", "host", "-dname", "CN=git", "-ext", "san=ip:127.0.0.1", "-signer", "ours");
        keytool(keys, "-alias", "other", "-dname", "CN=Another authority", "-ext", "bc:critical=ca:true");
        store = KeyStore.getInstance(keys.resolve("keys").toFile(), PASSWORD);
    }

    @BeforeEach
    void start() throws Exception {
        repository = TestRepository.create(folder.resolve("origin"));
        repository.commit(Map.of("a.md", "words"));
        server = GitServer.startSecured(tls(), folder.resolve("origin"), "docs");
    }

    @AfterEach
    void stop() {
        server.close();
        repository.close();
    }

    @Test
    void readsFromAHostWhoseAuthorityIsDeclared() throws Exception {
        assertThat(contents(server.url(), pem("ours"))).containsExactly("words");
        assertThat(contents(server.url(), pem("other") + pem("ours"))).containsExactly("words");
    }

    @Test
    void trustsNobodyElse() throws Exception {
        fails(server.url(), null, FailureReason.SourceUnreachable)
                .hasMessageContaining("isn't trusted")
                .hasMessageContaining("git.caConfigMapRef");
        fails(server.url(), pem("other"), FailureReason.SourceUnreachable).hasMessageContaining("isn't trusted");
    }

    @Test
    void wantsTheCertificateToBeOfTheHostThatIsDeclared() throws Exception {
        var url = URI.create(server.url().toString().replace("127.0.0.1", "localhost"));
        fails(url, pem("ours"), FailureReason.SourceUnreachable).hasMessageContaining("localhost");
    }

    @Test
    void saysThatTheConfigMapHoldsNoCertificate() throws Exception {
        for (var text : List.of("no certificate", "", pem("ours").replaceAll("[a-m]", "#"))) {
            fails(server.url(), text, FailureReason.SourceInvalid)
                    .hasMessageContaining("git.caConfigMapRef")
                    .hasMessageContaining("holds no PEM certificate");
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> fails(
            URI url, @Nullable String authorities, FailureReason reason) {
        return assertThatThrownBy(() -> contents(url, authorities))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private List<String> contents(URI url, @Nullable String authorities) throws Exception {
        var git = new SourceManifest.Git(url.toString(), "main", null, authorities);
        var declared = new SourceManifest("docs", git, List.of(), List.of(), null, null);
        var reading = new Reading(folder::resolve, folder.resolve("work"), 1 << 20, path -> false);
        try (var source = Sources.open(declared, reading)) {
            var entries = source.list().entries();
            source.fetch(entries);
            var contents = new ArrayList<String>();
            for (var entry : entries) {
                contents.add(new String(((Entry.File) entry).content().read(), StandardCharsets.UTF_8));
            }
            return contents;
        }
    }

    private static SSLContext tls() throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(only("host"), PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** The authorities' keys are in the same file, and would do for a server too. */
    private static KeyStore only(String alias) throws Exception {
        var one = KeyStore.getInstance("PKCS12");
        one.load(null, PASSWORD);
        one.setKeyEntry(alias, store.getKey(alias, PASSWORD), PASSWORD, store.getCertificateChain(alias));
        return one;
    }

    private static String pem(String alias) throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(store.getCertificate(alias).getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private static void keytool(Path keys, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-keystore",
                keys.resolve("keys").toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
