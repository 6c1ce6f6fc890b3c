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

/** An authority that only its own house trusts, the hosts that it has certified, and another authority. */
public final class TestAuthority {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static final String GOOD = "host";
    private static final String EXPIRED = "expired";
    private static final String MISNAMED = "misnamed";

    private final KeyStore store;
    private final String host;

    private TestAuthority(KeyStore store, String host) {
        this.store = store;
        this.host = host;
    }

    /** Makes the keys in a folder. The host's certificate is for 127.0.0.1. */
    public static TestAuthority in(Path keys) throws Exception {
        keytool(keys, "-alias", "ours", "-dname", "CN=Our authority", "-ext", "bc:critical=ca:true");
        certify(keys, GOOD, "ip:127.0.0.1");
        certify(keys, EXPIRED, "ip:127.0.0.1", "-startdate", "-9d");
        certify(keys, MISNAMED, "dns:other.test");
        keytool(keys, "-alias", "other", "-dname", "CN=Another authority", "-ext", "bc:critical=ca:true");
        return new TestAuthority(KeyStore.getInstance(keys.resolve("keys").toFile(), PASSWORD), GOOD);
    }

    private static void certify(Path keys, String host, String name, String... more) throws Exception {
        var arguments = new ArrayList<>(
                List.of("-alias", host, "-dname", "CN=" + host, "-ext", "san=" + name, "-signer", "ours"));
        arguments.addAll(List.of(more));
        keytool(keys, arguments.toArray(String[]::new));
    }

    /** The same authority, with a host whose certificate has expired. */
    public TestAuthority expired() {
        return new TestAuthority(store, EXPIRED);
    }

    /** The same authority, with a host whose certificate is for another one, other.test. */
    public TestAuthority misnamed() {
        return new TestAuthority(store, MISNAMED);
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
        return pem(host);
    }

    /** The host's key. */
    public String hostKeyPem() throws Exception {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(store.getKey(host, PASSWORD).getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** What the host serves with. The authorities' keys, in the same file, would do for a server too. */
    public SSLContext host() throws Exception {
        var one = KeyStore.getInstance("PKCS12");
        one.load(null, PASSWORD);
        one.setKeyEntry("host", store.getKey(host, PASSWORD), PASSWORD, store.getCertificateChain(host));
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
                "-J-XX:TieredStopAtLevel=1",
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
