package dev.concordance.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority that only its own house trusts, a host that it has certified, and another authority. */
public final class TestAuthority {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;

    private TestAuthority(KeyStore store) {
        this.store = store;
    }

    /** Makes the keys in a folder. The host's certificate is for 127.0.0.1. */
    public static TestAuthority in(Path keys) throws Exception {
        keytool(keys, "-alias", "ours", "-dname", "CN=Our authority", "-ext", "bc:critical=ca:true");
        keytool(keys, "-alias", "host", "-dname", "CN=host", "-ext", "san=ip:127.0.0.1", "-signer", "ours");
        keytool(keys, "-alias", "other", "-dname", "CN=Another authority", "-ext", "bc:critical=ca:true");
        return new TestAuthority(KeyStore.getInstance(keys.resolve("keys").toFile(), PASSWORD));
    }

    /** The certificate of the authority. */
    public String pem() throws Exception {
        return pem("ours");
    }

    /** The certificate of the other authority. */
    public String otherPem() throws Exception {
        return pem("other");
    }

    /** The host's certificate. */
    public String hostPem() throws Exception {
        return pem("host");
    }

    /** The host's key. */
    public String hostKeyPem() throws Exception {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(store.getKey("host", PASSWORD).getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** What the host serves with. The authorities' keys, in the same file, would do for a server too. */
    public SSLContext host() throws Exception {
        var one = KeyStore.getInstance("PKCS12");
        one.load(null, PASSWORD);
        one.setKeyEntry("host", store.getKey("host", PASSWORD), PASSWORD, store.getCertificateChain("host"));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private String pem(String alias) throws Exception {
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
