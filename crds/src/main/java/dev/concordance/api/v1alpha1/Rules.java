package dev.concordance.api.v1alpha1;

/**
 * Validation rules that several fields share: expressions in CEL, each with the sentence that says what to write instead.
 * Regular expressions are RE2, without anchors of their own where only a part must not occur.
 */
final class Rules {
    static final int MAX_LABEL = 63;
    static final int MAX_NAME = 253;
    static final int MAX_URL = 2048;
    static final int MAX_PATH = 1024;
    static final int MAX_FIELD = 256;
    static final int SHA256_LENGTH = 64;

    static final String LABEL = "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')";
    static final String LABEL_MESSAGE =
            "write lower-case letters, digits and dashes, with a letter or a digit at both ends";

    static final String TIME_ZONE = "self.matches('^[A-Za-z][-+_A-Za-z0-9]*(/[-+_A-Za-z0-9]+)*$')";
    static final String TIME_ZONE_MESSAGE = "write a time zone of the IANA database, such as UTC or Europe/Berlin";
    static final String NAME = "self.matches('^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$')";
    static final String NAME_MESSAGE = "write the name of an object: lower-case letters, digits, dashes and dots";

    static final String KEY = "self.matches('^[-._a-zA-Z0-9]+$') && !self.startsWith('..')";
    static final String KEY_MESSAGE = "write a key of the object: letters, digits, dashes, underscores and dots";

    static final String INSIDE = "!self.matches('^/|(^|/)[.][.](/|$)')";
    static final String INSIDE_MESSAGE = "write a path below the volume's root, without a leading / and without ..";

    /** On the object that has the URL, so that the refusal does not repeat the credentials. */
    static final String NO_CREDENTIALS =
            "!has(self.url) || !self.url.matches('^https?://[^/]*@|^[a-z]+://[^/]*:[^/]*@')";

    static final String NO_CREDENTIALS_IN_ENDPOINT =
            "!has(self.endpoint) || !self.endpoint.matches('^https?://[^/]*@')";

    static final String CONTEXT_HEADER = "!self.replace('{title}', '').replace('{headings}', '').matches('[{}]')";
    static final String CONTEXT_HEADER_MESSAGE = "the placeholders are {title} and {headings}; write no other braces";

    static final String OVERLAP =
            "!has(self.overlapTokens) || !has(self.maxTokens) || self.overlapTokens < self.maxTokens";
    static final String OVERLAP_MESSAGE = "write an overlapTokens that is smaller than maxTokens";

    static final String CHILD =
            "!has(self.childTokens) || !has(self.parentTokens) || self.childTokens <= self.parentTokens";
    static final String CHILD_MESSAGE = "write a childTokens that is at most parentTokens";

    static final String MIN_TOKENS =
            "!has(self.minTokens) || self.minTokens * 2 <= (has(self.maxTokens) ? self.maxTokens : 256)";
    static final String MIN_TOKENS_MESSAGE = "write a minTokens that is at most half of maxTokens (default 256)";

    static final String REQUESTS_WITHIN_LIMITS = "!has(self.requests) || !has(self.limits) || self.requests.all(name,"
            + " !(name in self.limits) || !isQuantity(string(self.requests[name])) || !isQuantity(string(self.limits[name])) ||"
            + " quantity(string(self.requests[name])).compareTo(quantity(string(self.limits[name]))) <= 0)";
    static final String REQUESTS_WITHIN_LIMITS_MESSAGE = "request at most as much of a resource as its limit";

    static final String ACCESS_FILE = "!has(self.access) || !has(self.access.file) || !has(self.sources) ||"
            + " self.sources.exists(source, has(source.git) || has(source.s3) || has(source.volume) ||"
            + " has(source.configMap))";
    static final String ACCESS_FILE_MESSAGE =
            "access.file is about the paths of files, which only git, s3, volume and configMap have: take it out, and"
                    + " name in access.field where the documents themselves say who may see them";

    static final String POD_IDENTITY = "!has(self.sources) || !self.sources.exists(source, has(source.s3) &&"
            + " has(source.s3.podIdentity) && source.s3.podIdentity) || has(self.ingestion) &&"
            + " has(self.ingestion.serviceAccountName)";
    static final String POD_IDENTITY_MESSAGE =
            "write ingestion.serviceAccountName too: it is what the cloud gives podIdentity to";

    /** Shorter than what Jobs keep: seconds are two digits at least. */
    private static final String ACCESS_IS_SHORT = "has(self.access) && (has(self.access.syncInterval) &&"
            + " self.access.syncInterval.matches('^[1-5][0-9]s$') || has(self.access.maxStaleness) &&"
            + " self.access.maxStaleness.matches('^[1-5][0-9]s$'))";

    private static final String IS_PINNED = "has(self.freshness) && has(self.freshness.schedule)";
    private static final String IS_JOBS =
            "has(self.ingestion) && has(self.ingestion.mode) && self.ingestion.mode == 'Jobs'";

    static final String JOBS_TAKE_TIME = "!has(self.freshness) || !has(self.freshness.maxStaleness) ||"
            + " !self.freshness.maxStaleness.matches('^[2-9]s$') || !has(self.freshness.schedule) &&"
            + " !(" + IS_JOBS + ")";

    /** Answers that are older than is wished are still answers; for access lists that are too old there are none. */
    static final String JOBS_READ_ACCESS = "!(" + ACCESS_IS_SHORT + ") || !(" + IS_PINNED + ") && !(" + IS_JOBS + ")";

    static final String JOBS_READ_ACCESS_MESSAGE =
            "Jobs keep an access.syncInterval and an access.maxStaleness of 1m or"
                    + " more: write longer ones, or leave ingestion.mode and freshness.schedule out";

    /** Who follows no sources would leave a queue unread. */
    static final String NOTIFIED_IS_FOLLOWED = "!has(self.sources) || !self.sources.exists(source, has(source.s3) &&"
            + " has(source.s3.notifications)) || (has(self.ingestion) && has(self.ingestion.mode) &&"
            + " self.ingestion.mode != 'Auto' ? self.ingestion.mode == 'Continuous' : !(" + IS_PINNED
            + ") && (has(self.freshness) && has(self.freshness.maxStaleness) &&"
            + " self.freshness.maxStaleness.matches('^[1-5]?[0-9]s$') || " + ACCESS_IS_SHORT + "))";

    static final String NOTIFIED_IS_FOLLOWED_MESSAGE = "s3.notifications are heard by what follows the sources: write"
            + " ingestion.mode Continuous, or a maxStaleness below 1m without a schedule, or take notifications out";

    static final String QUEUES_ARE_OWN = "!has(self.sources) || self.sources.all(source, !has(source.s3) ||"
            + " !has(source.s3.notifications) || !has(source.s3.notifications.sqs) ||"
            + " self.sources.exists_one(other, has(other.s3) && has(other.s3.notifications) &&"
            + " has(other.s3.notifications.sqs) && other.s3.notifications.sqs.queueUrl =="
            + " source.s3.notifications.sqs.queueUrl))";

    static final String QUEUES_ARE_OWN_MESSAGE =
            "each message of a queue is taken by one source: give each a queue of its own";

    private Rules() {}
}
