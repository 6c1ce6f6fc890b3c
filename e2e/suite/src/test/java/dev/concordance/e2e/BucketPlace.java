package dev.concordance.e2e;

import dev.concordance.localcluster.servers.ObjectStoreProcess;
import dev.concordance.manifest.SourceManifest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of a store that runs on loopback. */
final class BucketPlace implements Place {
    private static final String BUCKET = "handbook";
    private static final String PREFIX = "published/";

    private final Path home;
    private final DocumentFolder secret;
    private final URI url;
    private final S3Client owner;
    private ObjectStoreProcess store;

    /** Starts the store, and makes the Secret that opens it. */
    BucketPlace(Cluster cluster, String namespace, Path folder) {
        home = folder.resolve("store");
        store = ObjectStoreProcess.start(home, 0);
        url = store.url();
        secret = new DocumentFolder(folder.resolve("secret"));
        secret.write("accessKeyId", ObjectStoreProcess.KEY_ID);
        secret.write("secretAccessKey", ObjectStoreProcess.SECRET);
        cluster.kubectl()
                .run("create", "secret", "generic", "s3-read", "-n", namespace, "--from-file=" + secret.path());
        owner = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(url)
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.create())
                // The store knows no checksums that come after a body.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(ObjectStoreProcess.KEY_ID, ObjectStoreProcess.SECRET)))
                .build();
        owner.createBucket(bucket -> bucket.bucket(BUCKET));
    }

    @Override
    public String declaration() {
        return "s3: {bucket: %s, prefix: %s, endpoint: \"%s\", credentialsSecretRef: {name: s3-read}}"
                .formatted(BUCKET, PREFIX, url);
    }

    @Override
    public SourceManifest.Location location() {
        return new SourceManifest.S3(
                BUCKET,
                PREFIX,
                url.toString(),
                "us-east-1",
                true,
                "s3",
                false,
                null,
                SourceManifest.RateLimit.NONE,
                null);
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of("s3", secret.path());
    }

    @Override
    public boolean isWatched() {
        return false;
    }

    @Override
    public void write(String path, String text) {
        owner.putObject(put -> put.bucket(BUCKET).key(PREFIX + path), RequestBody.fromString(text));
    }

    @Override
    public void remove(String path) {
        owner.deleteObject(delete -> delete.bucket(BUCKET).key(PREFIX + path));
    }

    @Override
    public void fail() {
        store.close();
    }

    @Override
    public void recover() {
        store = ObjectStoreProcess.start(home, url.getPort());
    }

    @Override
    public void close() {
        owner.close();
        store.close();
    }
}
