package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One source of a corpus as an ingestion run reads it.
 *
 * @param include globs over the path within the source; empty: everything
 * @param exclude globs that win over {@code include}
 * @param uriTemplate URI of a document with {@code {path}} or {@code {id}} replaced, percent-encoded; null: the path itself
 * @param jsonl how {@code .jsonl} files become documents; null: such files are skipped
 * @param access where it says who may see a document; null: everybody may
 */
public record SourceManifest(
        String name,
        Location location,
        List<String> include,
        List<String> exclude,
        @Nullable String uriTemplate,
        @Nullable JsonLines jsonl,
        @Nullable Access access) {
    public SourceManifest {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /** A source whose documents everybody may see. */
    public SourceManifest(
            String name,
            Location location,
            List<String> include,
            List<String> exclude,
            @Nullable String uriTemplate,
            @Nullable JsonLines jsonl) {
        this(name, location, include, exclude, uriTemplate, jsonl, null);
    }

    /**
     * Where a source says who may see a document.
     *
     * @param field of metadata; of rows the column of this name
     * @param file path of the file whose rules hold for files, instead of their metadata; null: there is none
     */
    public record Access(String field, @Nullable String file) {}

    /** What of this declaration, beside the source's own content, decides what its documents are. */
    @JsonIgnore
    public String settingsDigest() {
        var digest = new Fingerprint("source-settings/1")
                .with("uriTemplate", String.valueOf(uriTemplate))
                .with("jsonl", String.valueOf(jsonl));
        if (location instanceof Jdbc rows) {
            digest = digest.with("query", rows.query())
                    .with("columns", rows.columns())
                    .with("format", rows.format());
        } else if (location instanceof Kafka records) {
            digest = digest.with("json", String.valueOf(records.json())).with("format", records.format());
        }
        if (access != null) {
            digest = digest.with("access", access);
        }
        return digest.digest();
    }

    /**
     * Whether several workers may read it side by side, each its share of the documents. A website would be walked by each of
     * them, and a topic or an inbox be read by each of them as a whole.
     */
    @JsonIgnore
    public boolean isDivisible() {
        return switch (location) {
            case Git git -> true;
            case S3 bucket -> true;
            case Jdbc rows -> true;
            case Volume files -> true;
            case ConfigMap keys -> true;
            case Web pages -> false;
            case Kafka records -> false;
            case Push documents -> false;
        };
    }

    /** Whether the corpus itself keeps what it holds. */
    @JsonIgnore
    public boolean isPushed() {
        return location instanceof Push;
    }

    /** The same source for one of so many workers side by side, which keep to its limits together. */
    public SourceManifest dividedBy(int workers) {
        return at(Pace.dividedBy(location, workers));
    }

    /** Among how many workers its limits can be divided. */
    int mostWorkers() {
        return Pace.mostWorkers(location);
    }

    /** The same source, read as fast as it can be. */
    SourceManifest unlimited() {
        return at(Pace.unlimited(location));
    }

    /** The same source somewhere else. */
    public SourceManifest at(Location elsewhere) {
        return new SourceManifest(name, elsewhere, include, exclude, uriTemplate, jsonl, access);
    }

    /** The same source, which says there who may see its documents. */
    public SourceManifest with(Access declared) {
        return new SourceManifest(name, location, include, exclude, uriTemplate, jsonl, declared);
    }

    /** Where the documents are. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Git.class, name = "git"),
        @JsonSubTypes.Type(value = S3.class, name = "s3"),
        @JsonSubTypes.Type(value = Web.class, name = "web"),
        @JsonSubTypes.Type(value = Jdbc.class, name = "jdbc"),
        @JsonSubTypes.Type(value = Kafka.class, name = "kafka"),
        @JsonSubTypes.Type(value = Push.class, name = "push"),
        @JsonSubTypes.Type(value = Volume.class, name = "volume"),
        @JsonSubTypes.Type(value = ConfigMap.class, name = "configMap")
    })
    public sealed interface Location {}

    /**
     * A git repository.
     *
     * @param ref a branch, a tag, a full reference or a commit
     * @param credentialsMount mount with {@code username}/{@code password}, {@code token}, or
     *     {@code ssh-privatekey} and {@code known_hosts}, as files; null: none
     * @param caCertificates PEM certificates to trust for https; null: the platform's
     */
    public record Git(
            String url,
            String ref,
            @Nullable String credentialsMount,
            @Nullable String caCertificates) implements Location {}

    /**
     * Objects of a bucket, by an API as Amazon S3 has it.
     *
     * @param prefix what their keys begin with, which is no part of a document's path; empty: all of the bucket
     * @param endpoint URL of the store; null: Amazon's
     * @param region that requests are signed for
     * @param pathStyle whether the bucket stands in the path of requests instead of their host
     * @param credentialsMount mount with {@code accessKeyId}, {@code secretAccessKey} and, if there is one,
     *     {@code sessionToken}, as files; null: there is none
     * @param podIdentity whether requests are signed as the role that the cloud gives to the pod; they aren't signed without this
     *     and without credentials
     * @param caCertificates PEM certificates to trust for https; null: the platform's
     * @param queue where events of the bucket arrive; null: nobody tells of them
     */
    public record S3(
            String bucket,
            String prefix,
            @Nullable String endpoint,
            String region,
            boolean pathStyle,
            @Nullable String credentialsMount,
            boolean podIdentity,
            @Nullable String caCertificates,
            RateLimit rateLimit,
            @Nullable BucketQueue queue)
            implements Location {
        /** The same with what is known of the cluster, asked for no more than this. */
        public S3 with(@Nullable String authorities, RateLimit limit) {
            return new S3(
                    bucket,
                    prefix,
                    endpoint,
                    region,
                    pathStyle,
                    credentialsMount,
                    podIdentity,
                    authorities,
                    limit,
                    queue);
        }
    }

    /**
     * Pages of websites.
     *
     * @param urls pages that are read first
     * @param sitemaps URLs of sitemaps or of indexes of them, whose pages are read first too
     * @param hosts that pages may be on beside those of {@code urls} and {@code sitemaps}: a name, with a port where it
     *     isn't the scheme's own
     * @param maxDepth links that lead from one of the first pages to a document at most
     * @param maxPages addresses that are asked for at most
     * @param delayMillis between two requests to a host
     * @param userAgentSuffix what requests say of the client beside its name; null: nothing
     * @param credentialsMount mount with {@code username} and {@code password}, or {@code token}, as files; null: none
     * @param caCertificates PEM certificates to trust for https; null: the platform's
     * @param privateNetworks whether hosts in private networks may be asked, which the operator's configuration says
     */
    public record Web(
            List<String> urls,
            List<String> sitemaps,
            List<String> hosts,
            int maxDepth,
            int maxPages,
            long delayMillis,
            @Nullable String userAgentSuffix,
            @Nullable String credentialsMount,
            @Nullable String caCertificates,
            boolean privateNetworks)
            implements Location {
        public Web {
            urls = List.copyOf(urls);
            sitemaps = List.copyOf(sitemaps);
            hosts = List.copyOf(hosts);
        }

        /** The same with what is known of the cluster. */
        public Web with(@Nullable String authorities, boolean mayReadPrivateNetworks) {
            return new Web(
                    urls,
                    sitemaps,
                    hosts,
                    maxDepth,
                    maxPages,
                    delayMillis,
                    userAgentSuffix,
                    credentialsMount,
                    authorities,
                    mayReadPrivateNetworks);
        }
    }

    /**
     * Rows of a query, each a document.
     *
     * @param query a SELECT, which is read as a table
     * @param tls whether the connection is encrypted and the server's certificate and name are verified
     * @param credentialsMount mount with {@code username} and {@code password} as files
     * @param caCertificates PEM certificates to trust; null: the platform's
     */
    public record Jdbc(
            Engine engine,
            String host,
            int port,
            String database,
            String query,
            Columns columns,
            Format format,
            boolean tls,
            String credentialsMount,
            @Nullable String caCertificates,
            RateLimit rateLimit)
            implements Location {
        /** The same, asked for no more than this. */
        Jdbc with(RateLimit limit) {
            return new Jdbc(
                    engine, host, port, database, query, columns, format, tls, credentialsMount, caCertificates, limit);
        }

        /** Whose database it is. */
        public enum Engine {
            PostgreSQL,
            MariaDB
        }

        /** What the text is written in. */
        public enum Format {
            text,
            markdown,
            html
        }

        /**
         * Names of the query's columns; case doesn't matter.
         *
         * @param key unique, not null: the document's id
         * @param change as long as it stays the same, so does the row; null: told by a digest of what is read
         * @param deleted a row in which it is true, a number other than 0, a time or a text is no document; null: all are
         * @param metadata taken over under their names as written here
         */
        public record Columns(
                String key,
                String content,
                @Nullable String change,
                @Nullable String deleted,
                @Nullable String title,
                @Nullable String uri,
                List<String> metadata) {
            public Columns {
                metadata = List.copyOf(metadata);
            }

            /** Those that a document is made of: content, title, URI and metadata, as far as they are declared. */
            public List<String> read() {
                return Stream.concat(Stream.of(content, title, uri).filter(Objects::nonNull), metadata.stream())
                        .toList();
            }
        }
    }

    /**
     * The latest record of each key of a topic.
     *
     * @param bootstrapServers each a host and a port
     * @param sasl how credentials are proved; null: there are none
     * @param json where in values, which are JSON objects, the parts of a document are, but for its id, which is the key;
     *     null: the value is the content
     * @param format what the content is written in
     * @param tls whether connections are encrypted and the brokers' certificates and names are verified
     * @param caCertificates PEM certificates to trust; null: the platform's
     */
    public record Kafka(
            List<String> bootstrapServers,
            String topic,
            @Nullable Sasl sasl,
            @Nullable JsonLines json,
            Jdbc.Format format,
            boolean tls,
            @Nullable String caCertificates)
            implements Location {
        public Kafka {
            bootstrapServers = List.copyOf(bootstrapServers);
        }

        /**
         * Credentials.
         *
         * @param mount with {@code username} and {@code password} as files
         */
        public record Sasl(Mechanism mechanism, String mount) {}

        /** How a password is proved (RFC 4616, RFC 5802). */
        public enum Mechanism {
            Plain,
            ScramSha256,
            ScramSha512
        }
    }

    /** What the corpus's inbox has for the source. */
    public record Push() implements Location {}

    /**
     * What a source may be asked for by a corpus.
     *
     * @param requestsPerMinute 0: no limit
     * @param bytesPerSecond of documents; 0: no limit
     */
    public record RateLimit(int requestsPerMinute, long bytesPerSecond) {
        /** As much as it takes. */
        public static final RateLimit NONE = new RateLimit(0, 0);

        /** What each of so many workers side by side may ask for. */
        public RateLimit dividedBy(int workers) {
            return new RateLimit((int) Share.of(requestsPerMinute, workers), Share.of(bytesPerSecond, workers));
        }

        int mostWorkers() {
            return Share.most(requestsPerMinute, bytesPerSecond);
        }
    }

    /** A mounted folder; {@code path} is relative to the mount and never leaves it; empty for all of it. */
    public record Volume(String mount, String path) implements Location {}

    /**
     * A mounted ConfigMap, each of its keys a file.
     *
     * @param version changes with its content
     */
    public record ConfigMap(String mount, String version) implements Location {}

    /**
     * One JSON document a line.
     *
     * @param idField required in each line and unique in the source
     * @param metadataFields fields taken over as metadata; empty: the object under {@code metadata}, if there is one
     */
    public record JsonLines(
            String idField,
            @Nullable String titleField,
            String textField,
            @Nullable String uriField,
            List<String> metadataFields) {
        public JsonLines {
            metadataFields = List.copyOf(metadataFields);
        }
    }
}
