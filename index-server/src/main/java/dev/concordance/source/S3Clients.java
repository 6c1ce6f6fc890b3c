package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens clients of declared stores. */
final class S3Clients {
    private S3Clients() {}

    /** @param credentials folder of the mounted Secret; null: requests aren't signed */
    static S3Client open(String source, SourceManifest.S3 s3, @Nullable Path credentials, Throttle throttle)
            throws IOException {
        var access = new AwsAccess(source, s3, credentials);
        var client = S3Client.builder()
                .region(Region.of(s3.region()))
                .forcePathStyle(s3.pathStyle())
                .credentialsProvider(access.credentials())
                .httpClient(access.http())
                // Stores that are not Amazon's often don't know the newer checksums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> {
                    AwsAccess.withoutProfiles().accept(override);
                    override.addExecutionInterceptor(new Paced(throttle));
                });
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
}
