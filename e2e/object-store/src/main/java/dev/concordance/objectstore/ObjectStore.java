package dev.concordance.objectstore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.filesystem.reference.FilesystemConstants;

/** A store with the API of Amazon S3 on loopback, whose objects are files of a folder. */
public final class ObjectStore {
    private ObjectStore() {}

    /**
     * Starts it and, once it answers, prints {@code STARTED} and its port.
     *
     * @param args a folder, a port or 0, the id and the secret of the key that signs requests, and perhaps {@code --with-parent}: end
     *     when standard input does
     */
    public static void main(String[] args) throws Exception {
        var settings = new Properties();
        settings.setProperty(
                FilesystemConstants.PROPERTY_BASEDIR,
                Files.createDirectories(Path.of(args[0])).toString());
        var objects = ContextBuilder.newBuilder("filesystem-nio2")
                .credentials("none", "none")
                .overrides(settings)
                .build(BlobStoreContext.class)
                .getBlobStore();
        var server = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:" + args[1]))
                .awsAuthentication(AuthenticationType.AWS_V4, args[2], args[3])
                .build();
        server.start();
        System.out.println("STARTED " + server.getPort());
        if (args.length > 4) {
            endWithParent();
        }
    }

    /** Ends this program when standard input does. */
    static void endWithParent() throws IOException {
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
