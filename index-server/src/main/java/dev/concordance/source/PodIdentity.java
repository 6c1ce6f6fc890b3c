package dev.concordance.source;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.SystemSetting;

/**
 * The role that the cloud gives to the pod: by a web identity token, which AWS STS takes (IAM roles for service accounts), or
 * by the agent of EKS Pod Identity. Both put what they need into the pod's environment.
 */
final class PodIdentity {
    private static final String SESSION = "concordance-ingestion";

    private PodIdentity() {}

    /** Credentials that renew themselves; throws {@link SourceException} if there are none. */
    static AwsCredentialsProvider of(String source, String region, SdkHttpClient http) {
        var provider = role(source, region, http);
        try {
            provider.resolveCredentials();
            return provider;
        } catch (SdkException e) {
            var isRefused = e instanceof AwsServiceException answered && answered.statusCode() / 100 == 4;
            throw SourceException.of(
                    source,
                    isRefused ? FailureReason.SourceUnauthorized : FailureReason.SourceUnreachable,
                    isRefused
                            ? "the role of the pod's service account is refused (%s): let the role trust it"
                                    .formatted(code((AwsServiceException) e))
                            : "the role of the pod's service account can't be had now: " + Causes.told(e),
                    e);
        }
    }

    private static AwsCredentialsProvider role(String source, String region, SdkHttpClient http) {
        var role = said(SdkSystemSetting.AWS_ROLE_ARN);
        var token = said(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE).map(Path::of);
        if (role.isPresent() && token.filter(Files::isReadable).isPresent()) {
            var nothing = ProfileFile.aggregator().build();
            var sts = StsClient.builder()
                    .region(Region.of(said(SdkSystemSetting.AWS_REGION).orElse(region)))
                    .credentialsProvider(AnonymousCredentialsProvider.create())
                    .httpClient(http)
                    .overrideConfiguration(
                            override -> override.defaultProfileFile(nothing).defaultProfileName("none"))
                    .build();
            return StsWebIdentityTokenFileCredentialsProvider.builder()
                    .stsClient(sts)
                    .roleArn(role.get())
                    .webIdentityTokenFile(token.get())
                    .roleSessionName(SESSION)
                    .build();
        }
        if (said(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI).isPresent()) {
            return ContainerCredentialsProvider.builder().build();
        }
        throw SourceException.of(
                source,
                FailureReason.SourceUnauthorized,
                "the pod has no identity: annotate the ServiceAccount of ingestion.serviceAccountName with its role"
                        + " (eks.amazonaws.com/role-arn), or associate one with it",
                null);
    }

    private static Optional<String> said(SystemSetting setting) {
        return setting.getStringValue().filter(value -> !value.isBlank());
    }

    private static String code(AwsServiceException e) {
        var details = e.awsErrorDetails();
        return details == null || details.errorCode() == null ? "HTTP " + e.statusCode() : details.errorCode();
    }
}
