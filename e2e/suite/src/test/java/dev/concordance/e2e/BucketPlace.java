package dev.concordance.e2e;

import dev.concordance.localcluster.servers.CuttingProxy;
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

    private static final int FILLERS = 100;
    /** Less than a listing with the fillers is long, more than one without. */
    private static final int CUT = 10_000;

    private final DocumentFolder secret;
    private final URI url;
    private final S3Client owner;
    private final ObjectStoreProcess store;
    private final CuttingProxy proxy;

    /** Starts the store, and makes the Secret that opens it. */
    BucketPlace(Cluster cluster, String namespace, Path folder) {
        store = ObjectStoreProcess.start(folder.resolve("store"), 0);
        proxy = CuttingProxy.before(store.url().getPort());
        url = URI.create("http://127.0.0.1:" + proxy.port());
        secret = new DocumentFolder(folder.resolve("secret"));
        secret.write("accessKeyId", ObjectStoreProcess.KEY_ID);
        secret.write("secretAccessKey", ObjectStoreProcess.SECRET);
        cluster.kubectl()
                .run("create", "secret", "generic", "s3-read", "-n", namespace, "--from-file=" + secret.path());
        owner = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(store.url())
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

    /** The same with a queue that the bucket's events come to. */
    String declaration(String queueUrl) {
        return declaration().replace("s3: {", "s3: {notifications: {sqs: {queueUrl: \"%s\"}}, ".formatted(queueUrl));
    }

    /** An event as Amazon S3 tells of it, which this store doesn't. */
    String event(String name, String path) {
        return """
                {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "%s",
                  "s3": {"bucket": {"name": "%s"}, "object": {"key": "%s"}}}]}""".formatted(name, BUCKET, PREFIX + path);
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

    /** Breaks each page of a listing off. */
    @Override
    public void fail() {
        for (var i = 0; i < FILLERS; i++) {
            write("filler-%d.bin".formatted(i), "");
        }
        proxy.cutAfter(CUT);
    }

    @Override
    public void recover() {
        Place.requireMet(proxy);
        proxy.mend();
        for (var i = 0; i < FILLERS; i++) {
            remove("filler-%d.bin".formatted(i));
        }
    }

    @Override
    public void close() {
        owner.close();
        proxy.close();
        store.close();
    }
}
