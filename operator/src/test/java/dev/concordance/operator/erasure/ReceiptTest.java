package dev.concordance.operator.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receipt proves what it says to whoever has it, and tells nothing else. */
final class ReceiptTest {
    /** The first test vector of RFC 8032, section 7.1. */
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    @TempDir
    private Path folder;

    private final ErasureWorld world = new ErasureWorld();

    @Test
    void derivesThePublicKeyThatTheStandardSays() {
        var key = usable();
        var encoded = HexFormat.of().formatHex(key.publicKey().getEncoded());
        assertThat(encoded).endsWith(PUBLIC);
        assertThat(key.sign(""))
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(HexFormat.of()
                                .parseHex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")));
    }

    @Test
    void isVerifiedByOpensslWithThePublicKeyOfTheStatus() throws Exception {
        var receipt = signed();
        var statement = String.valueOf(receipt.statement());
        Files.writeString(folder.resolve("receipt.json"), statement);
        Files.write(folder.resolve("receipt.sig"), Base64.getDecoder().decode(receipt.signature()));
        Files.writeString(folder.resolve("receipt.pub"), receipt.publicKey());
        assertThat(openssl()).isEqualTo("Signature Verified Successfully");
        Files.writeString(folder.resolve("receipt.json"), statement.replace("\"corpus\"", "\"Corpus\""));
        assertThat(openssl()).isNotEqualTo("Signature Verified Successfully");
    }

    @Test
    void isVerifiedByTheJdk() throws GeneralSecurityException {
        var receipt = signed();
        var pem = String.valueOf(receipt.publicKey()).replaceAll("-----[A-Z ]+-----|\\s", "");
        var key = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(String.valueOf(receipt.statement()).getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(Base64.getDecoder().decode(receipt.signature())))
                .isTrue();
    }

    @Test
    void isCanonicalAndTellsNeitherIdsNorValues() throws IOException {
        var statement = String.valueOf(signed().statement());
        assertThat(statement).doesNotContain("people/roe.md", "4711", "customer", ErasureWorld.UID, "\n", ": ");
        var json = ManifestJson.mapper().readTree(statement);
        assertThat(json.properties().stream().map(Map.Entry::getKey))
                .isSorted()
                .contains("documents", "stores", "search", "indexes", "pending", "issuedAt", "covers");
        assertThat(json.path("documents").path(0).path("document").asText()).hasSize(64);
        assertThat(json.path("search").path("generations").toString())
                .isEqualTo("[{\"index\":\"cc-docs.handbook-g1\",\"texts\":2,\"uuid\":\"uuid\",\"vectors\":1}]");
        assertThat(ManifestJson.mapper().writeValueAsString(json)).isEqualTo(statement);
    }

    @Test
    void staysTheSameAsLongAsItsFactsDo() {
        var first = signed();
        world.now = world.now.plusSeconds(3_600);
        world.reconcile();
        assertThat(world.status().receipt()).isEqualTo(first);
        world.key = SigningKey.parse(pem(), "8");
        world.reconcile();
        assertThat(world.receipt().statement()).isEqualTo(first.statement());
        assertThat(world.receipt().secretVersion()).isEqualTo("8");
    }

    @Test
    void refusesWhatIsNoSuchKeyWithoutQuotingIt() {
        for (var text :
                new String[] {"", "hunter2", "-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----"}) {
            assertThat(SigningKey.parse(text, "1"))
                    .isInstanceOfSatisfying(
                            SigningKey.Unusable.class,
                            unusable -> assertThat(unusable.why())
                                    .isEqualTo(
                                            "it holds no Ed25519 private key in PKCS#8 PEM; make one by openssl genpkey"
                                                    + " -algorithm ed25519"));
        }
    }

    private ErasureStatus.Receipt signed() {
        world.key = usable();
        world.erase();
        return world.receipt();
    }

    private static SigningKey.Usable usable() {
        return (SigningKey.Usable) SigningKey.parse(pem(), "7");
    }

    private static String pem() {
        var der = HexFormat.of().parseHex("302e020100300506032b657004220420" + SEED);
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(der)
                + "\n-----END PRIVATE KEY-----\n";
    }

    private String openssl() throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        "openssl",
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        "receipt.pub",
                        "-rawin",
                        "-in",
                        "receipt.json",
                        "-sigfile",
                        "receipt.sig")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines().findFirst().orElse("");
    }
}
