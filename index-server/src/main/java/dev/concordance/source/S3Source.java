package dev.concordance.source;

import dev.concordance.http.Time;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket below a prefix. What changed is told by their entity tags, what was deleted by their absence from a
 * listing that came to its end: a page that fails or contradicts itself makes the listing fail as a whole.
 */
final class S3Source implements Source {
    private final SourceManifest source;
    private final SourceManifest.S3 s3;
    private final @Nullable Path credentials;
    private final Reading reading;
    private final Selection selection;
    private final Throttle throttle;
    private @Nullable S3Client opened;

    /** @param credentials folder of the mounted Secret; null: there is none */
    S3Source(SourceManifest source, SourceManifest.S3 s3, @Nullable Path credentials, Reading reading) {
        this(source, s3, credentials, reading, Time.REAL);
    }

    S3Source(SourceManifest source, SourceManifest.S3 s3, @Nullable Path credentials, Reading reading, Time time) {
        this.throttle = new Throttle(s3.rateLimit(), time);
        this.source = source;
        this.s3 = s3;
        this.credentials = credentials;
        this.reading = reading;
        this.selection = new Selection(source);
    }

    @Override
    public Listing list(Spools spools, Before before) {
        throttle.stopBy(before.stop());
        return list(spools);
    }

    @Override
    public Listing list(Spools spools) {
        try {
            var collected = new Collected(source, reading, spools);
            var client = client();
            var headway = new Headway();
            String next = null;
            do {
                var page = page(client, next);
                for (var object : page.contents()) {
                    add(collected, client, object);
                }
                headway.take(page.contents());
                next = page.isTruncated() ? page.nextContinuationToken() : null;
            } while (next != null);
            return collected.listing();
        } catch (SdkException | IOException e) {
            throw S3Failures.explained(source.name(), s3, e);
        }
    }

    @Override
    public void fetch(Iterator<Entry> entries) {}

    @Override
    public Content content(Entry.Stored file) {
        return new StoredContent(
                Objects.requireNonNull(opened, "the source has been listed"),
                throttle,
                s3.bucket(),
                s3.prefix() + file.id(),
                file,
                reading.maxBytes());
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private S3Client client() throws IOException {
        if (opened == null) {
            opened = S3Clients.open(source.name(), s3, credentials, throttle);
        }
        return opened;
    }

    /** @param token of the page; null: the first one */
    private ListObjectsV2Response page(S3Client client, @Nullable String token) throws IOException {
        // Keys may have characters that XML can't have; the client decodes them.
        var page = client.listObjectsV2(list -> list.bucket(s3.bucket())
                .prefix(s3.prefix())
                .encodingType(EncodingType.URL)
                .continuationToken(token));
        requireWhole(page, token);
        return page;
    }

    /** A store that lost its thread would make documents look deleted. */
    private static void requireWhole(ListObjectsV2Response page, @Nullable String token) throws IOException {
        if (page.isTruncated() == null) {
            throw new IOException("the answer is no listing");
        }
        if (page.keyCount() != null && page.keyCount() != page.contents().size()) {
            throw new IOException("a page of the listing announces %d keys and holds %d"
                    .formatted(page.keyCount(), page.contents().size()));
        }
        if (page.isTruncated() && page.nextContinuationToken() == null) {
            throw new IOException("a page of the listing is not the last one and doesn't tell the next");
        }
        if (page.isTruncated() && page.nextContinuationToken().equals(token)) {
            throw new IOException("the listing repeats itself");
        }
    }

    private void requireAskedFor(S3Object object) throws IOException {
        if (object.key() == null || object.size() == null || object.eTag() == null) {
            throw new IOException("the listing has an object without key, size or entity tag");
        }
        if (!object.key().startsWith(s3.prefix())) {
            throw new IOException("the listing has a key that doesn't begin with the prefix");
        }
    }

    private void add(Collected collected, S3Client client, S3Object object) throws IOException {
        requireAskedFor(object);
        var name = object.key().substring(s3.prefix().length());
        // Consoles make folders by empty objects.
        var isFolder = object.size() == 0 && (name.isEmpty() || name.endsWith("/"));
        if (isFolder || !selection.takes(name)) {
            return;
        }
        collected.add(new StoredFile(name, object, client));
    }

    private final class StoredFile implements FoundFile {
        private final String name;
        private final S3Object object;
        private final S3Client client;

        StoredFile(String name, S3Object object, S3Client client) {
            this.name = name;
            this.object = object;
            this.client = client;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(object.size());
        }

        @Override
        public String changeKey() {
            return StoredContent.changeKey(object.eTag(), object.size());
        }

        @Override
        public @Nullable Instant changedAt() {
            return object.lastModified();
        }

        @Override
        public Path local() throws IOException {
            var folder = Files.createDirectories(reading.workspace().resolve("s3-" + source.name()));
            var file = folder.resolve(Hash.of(object.key().getBytes(StandardCharsets.UTF_8)));
            try (var in = client.getObject(get -> get.bucket(s3.bucket()).key(object.key()))) {
                var length = Files.copy(throttle.slowed(in), file, StandardCopyOption.REPLACE_EXISTING);
                StoredContent.requireWhole(object.key(), in.response(), length, changeKey(), object.size());
            } catch (S3Exception e) {
                throw S3Failures.ofFile(source.name(), s3, object.key(), e);
            }
            return file;
        }
    }
}
