package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;

/** What clients of Amazon's services are opened with: what a bucket declares, and nothing of the machine's or a user's settings. */
public final class AwsAccess {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final String KEY_ID = "accessKeyId";
    private static final String SECRET = "secretAccessKey";
    private static final String SESSION = "sessionToken";

    private final String source;
    private final SourceManifest.S3 s3;
    private final @Nullable Path folder;

    /** @param folder of the mounted Secret; null: there is none */
    public AwsAccess(String source, SourceManifest.S3 s3, @Nullable Path folder) {
        this.source = source;
        this.s3 = s3;
        this.folder = folder;
    }

    /** Signs as the pod's role or by the Secret's key, or not at all; throws {@link SourceException} if there is no such thing. */
    public AwsCredentialsProvider credentials() throws IOException {
        return s3.podIdentity() ? identity() : key();
    }

    /** Speaks to a service and follows no redirects, which would take signed requests elsewhere. */
    public SdkHttpClient http() {
        var http = UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE);
        var pem = s3.caCertificates();
        if (pem == null) {
            return http.build();
        }
        try {
            var trust = Authorities.in(pem);
            return http.tlsTrustManagersProvider(() -> trust).build();
        } catch (GeneralSecurityException | IOException e) {
            throw SourceException.of(
                    source,
                    FailureReason.SourceInvalid,
                    "the ConfigMap of s3.caConfigMapRef holds no PEM certificate: " + e.getMessage(),
                    e);
        }
    }

    /** Keeps profiles out, which somebody may have on the machine. */
    public static Consumer<ClientOverrideConfiguration.Builder> withoutProfiles() {
        var nothing = ProfileFile.aggregator().build();
        return override -> override.defaultProfileFile(nothing).defaultProfileName("none");
    }

    private AwsCredentialsProvider identity() {
        var http = UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(SILENCE)
                .build();
        return PodIdentity.of(source, s3.region(), http);
    }

    private AwsCredentialsProvider key() throws IOException {
        if (folder == null) {
            return AnonymousCredentialsProvider.create();
        }
        try {
            var id = read(folder, KEY_ID);
            var secret = read(folder, SECRET);
            return StaticCredentialsProvider.create(
                    Files.exists(folder.resolve(SESSION))
                            ? AwsSessionCredentials.create(id, secret, read(folder, SESSION))
                            : AwsBasicCredentials.create(id, secret));
        } catch (NoSuchFileException e) {
            throw SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "the Secret of s3.credentialsSecretRef needs the keys %s and %s".formatted(KEY_ID, SECRET),
                    e);
        }
    }

    private static String read(Path folder, String key) throws IOException {
        return Files.readString(folder.resolve(key)).strip();
    }
}
