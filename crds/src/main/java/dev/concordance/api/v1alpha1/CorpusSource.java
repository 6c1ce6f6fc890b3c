package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One place where documents are; exactly one of git, s3, web, jdbc, kafka, push, volume and configMap. */
@ValidationRule(
        value = "[has(self.git), has(self.s3), has(self.web), has(self.jdbc), has(self.kafka), has(self.push),"
                + " has(self.volume), has(self.configMap)].exists_one(set, set)",
        message = "set exactly one of git, s3, web, jdbc, kafka, push, volume and configMap")
@ValidationRule(
        value = "!has(self.jdbc) || !has(self.include) && !has(self.exclude) && !has(self.jsonl)",
        message = "rows have no paths: take include, exclude and jsonl out, and choose rows in jdbc.query")
@ValidationRule(
        value = "!has(self.web) || !has(self.uriTemplate) && !has(self.jsonl)",
        message = "pages have URLs of their own and hold one document each: take uriTemplate and jsonl out")
@ValidationRule(
        value = "!has(self.kafka) || !has(self.include) && !has(self.exclude) && !has(self.jsonl)",
        message = "records have no paths: take include, exclude and jsonl out; kafka.json reads values as JSON")
@ValidationRule(
        value = "!has(self.push) || !has(self.include) && !has(self.exclude) && !has(self.jsonl)",
        message = "pushed documents have no paths: take include, exclude and jsonl out")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusSource(
        @JsonPropertyDescription(
                "Name of the source, unique in the Corpus, at most 40 characters; part of the identity of its"
                        + " documents, so that renaming it indexes them anew. Example: site")
        @Required
        @Size(min = 1, max = MAX_SOURCE_NAME)
        @ValidationRule(value = Rules.LABEL, message = Rules.LABEL_MESSAGE)
        @Nullable
        String name,

        @JsonPropertyDescription("A git repository.") @Nullable
        Git git,

        @JsonPropertyDescription("Objects of a bucket of Amazon S3 or of a store with the same API.") @Nullable
        S3 s3,

        @JsonPropertyDescription("Pages of websites.") @Nullable
        WebSource web,

        @JsonPropertyDescription("Rows of a PostgreSQL or MariaDB database.") @Nullable
        JdbcSource jdbc,

        @JsonPropertyDescription("The latest record of each key of a compacted Kafka topic.") @Nullable
        KafkaSource kafka,

        @JsonPropertyDescription("Documents that applications send to the corpus's inlet.") @Nullable
        PushSource push,

        @JsonPropertyDescription("A folder of a volume.") @Nullable
        Volume volume,

        @JsonPropertyDescription("The keys of a ConfigMap, each a document; for few small texts.") @Nullable
        ConfigMap configMap,

        @JsonPropertyDescription("Globs of the paths to take, at most 64." + GLOB_DESCRIPTION
                + " Default: everything. Example: [\"docs/**/*.md\"]")
        @Size(max = MAX_GLOBS)
        @ValidationRule(value = GLOBS, message = GLOBS_MESSAGE)
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_FIELD) String> include,

        @JsonPropertyDescription(
                "Globs of the paths to leave out, at most 64; they win over include. Default: none. Example:"
                        + " [\"**/drafts/**\"]")
        @Size(max = MAX_GLOBS)
        @ValidationRule(value = GLOBS, message = GLOBS_MESSAGE)
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_FIELD) String> exclude,

        @JsonPropertyDescription(
                "URI of a document as hits cite it; {path} or {id} is replaced by the document's path or id,"
                        + " percent-encoded. Default: the path or id itself. Example: https://docs.example.com/{path}")
        @Size(min = 1, max = Rules.MAX_URL)
        @ValidationRule(
                value = "self.contains('{path}') || self.contains('{id}')",
                message = "write {path} or {id} where the document's path or id belongs, such as"
                        + " https://docs.example.com/{path}")
        @ValidationRule(
                value = "!self.replace('{path}', '').replace('{id}', '').matches('[{}[:space:]]')",
                message = "the placeholders are {path} and {id}; write no other braces and no spaces")
        @ValidationRule(
                value = "self.matches('^[a-z][-+.a-z0-9]*://')",
                message = "begin the URI with its scheme, such as https://")
        @Nullable
        String uriTemplate,

        @JsonPropertyDescription(
                "How the lines of .jsonl and .ndjson files become documents. Default: such files are skipped.")
        @Nullable
        JsonLines jsonl) {
    static final int MAX_SOURCE_NAME = 40;
    static final int MAX_GLOBS = 64;
    static final String GLOBS = "self.all(glob, !glob.matches('^[.]{0,2}/|(^|/)[.][.](/|$)'))";
    static final String GLOBS_MESSAGE =
            "write globs over paths within the source, such as docs/**/*.md, without a leading / or ./ and without ..";
    static final String GLOB_DESCRIPTION = " * and ? stay within a folder, ** does not, {a,b} is either.";
    static final int MAX_BUCKET = 63;
    static final int MIN_BUCKET = 3;

    /** Where a source is. */
    public sealed interface Place permits Git, S3, WebSource, JdbcSource, KafkaSource, PushSource, Volume, ConfigMap {}

    /** A git repository over http(s) or ssh. */
    @ValidationRule(
            value = Rules.NO_CREDENTIALS,
            message =
                    "take the credentials out of the URL: everyone who may read this object sees them; put them into a"
                            + " Secret and name it in credentialsSecretRef",
            fieldPath = ".url")
    @ValidationRule(
            value = "!has(self.caConfigMapRef) || self.url.startsWith('https://')",
            message = "caConfigMapRef is only of use with an https URL: write one, or take it out",
            fieldPath = ".caConfigMapRef")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Git(
            @JsonPropertyDescription("URL of the repository, https, http or ssh, without credentials. Examples:"
                    + " https://git.example.com/handbook.git, ssh://git@git.example.com/handbook.git")
            @Required
            @Size(min = 1, max = Rules.MAX_URL)
            @ValidationRule(
                    value = "self.matches('^(https?|ssh)://[^/[:space:]]+/[^[:space:]]+$')"
                            + " || self.matches('^[-._A-Za-z0-9]+@[-.A-Za-z0-9]+:[^/[:space:]][^[:space:]]*$')",
                    message = "write an https, http or ssh URL of a repository, such as"
                            + " https://git.example.com/handbook.git")
            @Nullable
            String url,

            @JsonPropertyDescription(
                    "Branch, tag, full reference or commit. Default: HEAD, the repository's default branch. Examples:"
                            + " main, v1.2.0, refs/heads/main")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "!self.matches('^[-/]|[.][.]|[[:space:]~^:?*[]|[\\\\\\\\]|[.]$|/$|[.]lock$|@[{]')",
                    message = "write a branch, a tag, a full reference such as refs/heads/main, or a commit")
            @Nullable
            String ref,

            @JsonPropertyDescription(
                    "Secret with username and password, or token, or ssh-privatekey and known_hosts. Default: none,"
                            + " the repository is public.")
            @Nullable
            LocalReference credentialsSecretRef,

            @JsonPropertyDescription(
                    "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's; only with an"
                            + " https URL. Default key: ca.crt.")
            @Nullable
            KeyReference caConfigMapRef)
            implements Place {}

    /** A folder of a PersistentVolumeClaim. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Volume(
            @JsonPropertyDescription("Name of the PersistentVolumeClaim, in the same namespace; mounted read-only.")
            @Required
            @Size(min = 1, max = Rules.MAX_NAME)
            @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
            @Nullable
            String claimName,

            @JsonPropertyDescription(
                    "Folder below the volume's root. Default: all of the volume. Example: handbook/published")
            @Size(max = Rules.MAX_PATH)
            @ValidationRule(value = Rules.INSIDE, message = Rules.INSIDE_MESSAGE)
            @Nullable
            String path)
            implements Place {}

    /** Objects of a bucket. */
    @ValidationRule(
            value = Rules.NO_CREDENTIALS_IN_ENDPOINT,
            message = "take the credentials out of the URL: put them into a Secret and name it in credentialsSecretRef",
            fieldPath = ".endpoint")
    @ValidationRule(
            value = "!has(self.caConfigMapRef) || has(self.endpoint) && (self.endpoint.startsWith('https://') ||"
                    + " has(self.notifications) && has(self.notifications.sqs) && has(self.notifications.sqs.queueUrl)"
                    + " && self.notifications.sqs.queueUrl.startsWith('https://'))",
            message = "caConfigMapRef is only of use with an https endpoint: write one, or take it out",
            fieldPath = ".caConfigMapRef")
    @ValidationRule(
            value = "!has(self.podIdentity) || !self.podIdentity || !has(self.credentialsSecretRef)",
            message = "write credentialsSecretRef or podIdentity: requests are signed by one of them",
            fieldPath = ".podIdentity")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record S3(
            @JsonPropertyDescription("Name of the bucket. Example: handbook-published")
            @Required
            @Size(min = MIN_BUCKET, max = MAX_BUCKET)
            @ValidationRule(
                    value = "self.matches('^[a-z0-9][-.a-z0-9]*[a-z0-9]$')",
                    message = "write the name of a bucket: 3 to 63 lower-case letters, digits, dashes and dots")
            @Nullable
            String bucket,

            @JsonPropertyDescription(
                    "What the keys to take begin with; the rest of a key is the document's id and path. Default: all of"
                            + " the bucket. Example: published/")
            @Size(max = Rules.MAX_PATH)
            @Nullable
            String prefix,

            @JsonPropertyDescription(
                    "URL of the store, http or https, without credentials. Default: Amazon's of the region. Example:"
                            + " https://minio.storage.svc:9000")
            @Size(min = 1, max = Rules.MAX_URL)
            @ValidationRule(
                    value = "self.matches('^https?://[^/[:space:]]+/?$')",
                    message = "write an http or https URL without a path, such as https://minio.storage.svc:9000")
            @Nullable
            String endpoint,

            @JsonPropertyDescription("Region that requests are signed for. Default: us-east-1. Example: eu-central-1")
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(
                    value = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message = "write a region, such as eu-central-1")
            @Nullable
            String region,

            @JsonPropertyDescription(
                    "Whether the bucket is named in the path of a request instead of its host. Default: true with an"
                            + " endpoint, false without.")
            @Nullable
            Boolean pathStyle,

            @JsonPropertyDescription(
                    "Secret with accessKeyId and secretAccessKey, and sessionToken if there is one. Default: none; without"
                            + " podIdentity the bucket is public.")
            @Nullable
            LocalReference credentialsSecretRef,

            @JsonPropertyDescription("Whether requests are signed as the role that the cloud gives to the pods of"
                    + " ingestion.serviceAccountName: by a web identity token (AWS STS), or by EKS Pod Identity."
                    + " Default: false.")
            @Nullable
            Boolean podIdentity,

            @JsonPropertyDescription(
                    "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's, also for the queue"
                            + " of notifications; only with an https endpoint or queue. Default key: ca.crt.")
            @Nullable
            KeyReference caConfigMapRef,

            @JsonPropertyDescription("How often the store is asked, and how fast objects are read.") @Nullable
            RateLimit rateLimit,

            @JsonPropertyDescription(
                    "Where the bucket's events arrive, so that a change is noticed as it happens and the bucket is listed less"
                            + " often; only where the sources are followed (ingestion.mode). Default: it is listed again and"
                            + " again.")
            @Nullable
            BucketNotifications notifications)
            implements Place {}

    /** The keys of a ConfigMap. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConfigMap(
            @JsonPropertyDescription(
                    "Name of the ConfigMap, in the same namespace. Its keys are paths of documents; a change of it is"
                            + " indexed at once.")
            @Required
            @Size(min = 1, max = Rules.MAX_NAME)
            @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
            @Nullable
            String name)
            implements Place {}

    /** How the lines of {@code .jsonl} files become documents. */
    @SchemaCustomizer(value = ListType.class, input = "metadataFields=set")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record JsonLines(
            @JsonPropertyDescription("Field with the document's id, unique in the source. Default: id.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String idField,

            @JsonPropertyDescription("Field with the title. Default: none, documents have no title.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String titleField,

            @JsonPropertyDescription("Field with the text. Default: text.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String textField,

            @JsonPropertyDescription("Field with the URI; where it is missing, uriTemplate holds. Default: none.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String uriField,

            @JsonPropertyDescription(
                    "Fields to take over as metadata, at most 64. Default: those of the object under the field"
                            + " metadata, where there is one.")
            @Size(max = CorpusSpec.MAX_METADATA)
            @Nullable
            List<@Size(min = 1, max = Rules.MAX_FIELD) String> metadataFields) {}
}
