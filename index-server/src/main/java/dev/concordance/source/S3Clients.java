package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens clients of declared stores: with what is declared and nothing of the machine's or a user's settings. */
final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final String KEY_ID = "accessKeyId";
    private static final String SECRET = "secretAccessKey";
    private static final String SESSION = "sessionToken";

    private S3Clients() {}

    /** @param credentials folder of the mounted Secret; null: requests aren't signed */
    static S3Client open(String source, SourceManifest.S3 s3, @Nullable Path credentials, Throttle throttle)
            throws IOException {
        var nothing = ProfileFile.aggregator().build();
        var client = S3Client.builder()
                .region(Region.of(s3.region()))
                .forcePathStyle(s3.pathStyle())
                .credentialsProvider(s3.podIdentity() ? identity(source, s3) : credentials(source, credentials))
                .httpClient(http(source, s3))
                // Stores that are not Amazon's often don't know the newer checksums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> override.defaultProfileFile(nothing)
                        .defaultProfileName("none")
                        .addExecutionInterceptor(new Paced(throttle)));
        if (s3.endpoint() != null) {
            client.endpointOverride(URI.create(s3.endpoint()));
        }
        return client.build();
    }

    /** Lets each request wait for its time, the repeated ones too. */
    private record Paced(Throttle throttle) implements ExecutionInterceptor {
        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            try {
                throttle.request();
            } catch (InterruptedIOException e) {
                throw AbortedException.create("interrupted", e);
            }
        }
    }

    private static AwsCredentialsProvider identity(String source, SourceManifest.S3 s3) {
        var http = UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(SILENCE)
                .build();
        return PodIdentity.of(source, s3.region(), http);
    }

    private static AwsCredentialsProvider credentials(String source, @Nullable Path folder) throws IOException {
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

    /** It follows no redirects, which would take signed requests elsewhere. */
    private static SdkHttpClient http(String source, SourceManifest.S3 s3) {
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

    private static String read(Path folder, String key) throws IOException {
        return Files.readString(folder.resolve(key)).strip();
    }
}
