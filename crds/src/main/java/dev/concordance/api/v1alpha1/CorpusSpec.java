package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.concordance.manifest.RunReport;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a team wants of a corpus. */
@JsonClassDescription(
        "What is indexed, how, where, and how fresh answers have to be. Only sources and searchClusterRef have to be"
                + " written.")
@ValidationRule(
        value = "!has(self.metadata) || !has(self.access) || !has(self.access.mode) || self.access.mode !="
                + " 'DocumentLevel' || self.metadata.all(declared, !has(declared.name) || declared.name !="
                + " (has(self.access.field) ? self.access.field : 'access'))",
        message = "access.field says who may see a document and is no metadata: take it out of metadata, or choose"
                + " another field",
        fieldPath = ".metadata")
@ValidationRule(
        value = "!has(self.access) || !has(self.freshness) || !has(self.freshness.schedule) ||"
                + " !has(self.access.syncInterval)",
        message = "freshness.schedule says when the sources are read, their access lists too: take it or"
                + " access.syncInterval out",
        fieldPath = ".access")
@ValidationRule(
        value = "!has(self.access) || !has(self.access.mode) || self.access.mode != 'DocumentLevel' ||"
                + " !has(self.freshness) || !has(self.freshness.schedule) || has(self.access.maxStaleness)",
        message = "write access.maxStaleness, longer than the time between two runs of freshness.schedule: older access"
                + " lists answer no search",
        fieldPath = ".access")
@ValidationRule(value = Rules.ACCESS_FILE, message = Rules.ACCESS_FILE_MESSAGE, fieldPath = ".access")
@ValidationRule(
        value = CorpusSpec.PINNED_OR_FOLLOWED,
        message = "sources that are followed aren't read at set times: take freshness.schedule out, or write"
                + " ingestion.mode Jobs",
        fieldPath = ".ingestion")
@ValidationRule(
        value = Rules.JOBS_TAKE_TIME,
        message =
                "Jobs keep a maxStaleness of 10s or more: write one, or leave ingestion.mode and freshness.schedule out",
        fieldPath = ".freshness")
@ValidationRule(value = Rules.JOBS_READ_ACCESS, message = Rules.JOBS_READ_ACCESS_MESSAGE, fieldPath = ".access")
@ValidationRule(
        value = "!has(self.inlet) || !has(self.sources) || self.sources.exists(source, has(source.push))",
        message = "inlet is only of use with a source of the kind push: declare one, or take it out",
        fieldPath = ".inlet")
@SchemaCustomizer(value = ListType.class, input = "sources=map:name")
@SchemaCustomizer(value = ListType.class, input = "metadata=map:name")
@ValidationRule(value = Rules.POD_IDENTITY, message = Rules.POD_IDENTITY_MESSAGE, fieldPath = ".ingestion")
@ValidationRule(
        value = Rules.NOTIFIED_IS_FOLLOWED,
        message = Rules.NOTIFIED_IS_FOLLOWED_MESSAGE,
        fieldPath = ".ingestion")
@ValidationRule(
        value = "!has(self.retrieval) || !has(self.retrieval.semantic) || !has(self.retrieval.semantic.oversample) ||"
                + " !has(self.index) || !has(self.index.vectors) || !has(self.index.vectors.type) ||"
                + " !(self.index.vectors.type in ['hnsw', 'flat'])",
        message = "all floats are compared already: take retrieval.semantic.oversample out, or write index.vectors.type"
                + " int8_hnsw or bbq_hnsw",
        fieldPath = ".retrieval")
@ValidationRule(value = Rules.QUEUES_ARE_OWN, message = Rules.QUEUES_ARE_OWN_MESSAGE, fieldPath = ".sources")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusSpec(
        @JsonPropertyDescription(
                "Where the documents are, 1 to 32 places. A document that disappears from its source disappears from"
                        + " the index; a source that is unreachable or empty deletes nothing, and deletionGuard stops"
                        + " what disappears in great numbers.")
        @Required
        @Size(min = 1, max = MAX_SOURCES)
        @Nullable
        List<CorpusSource> sources,

        @JsonPropertyDescription("The ChunkingPolicy. Default: along headings, 256 tokens, 32 of overlap, the header"
                + " \"{title} > {headings}\".")
        @Nullable
        LocalReference chunkingPolicyRef,

        @JsonPropertyDescription("The EmbeddingModel. Default: the bundled bge-small-en-v1.5-q.") @Nullable
        LocalReference embeddingModelRef,

        @JsonPropertyDescription(
                "What reads documents for their layout, and pictures for their words. A change rebuilds the index beside the"
                        + " live one. Default: the built-in parsers, which read no pictures.")
        @Nullable
        DocumentParser parser,

        @JsonPropertyDescription("The SearchCluster that holds the indexes. Can't be changed.")
        @Required
        @ValidationRule(
                value = "self == oldSelf",
                message = "searchClusterRef can't be changed: the indexes would stay behind in the old cluster; create"
                        + " another Corpus, and delete this one when that one serves")
        @Nullable
        ClusterReference searchClusterRef,

        @JsonPropertyDescription("How old answers may be.") @Nullable
        Freshness freshness,

        @JsonPropertyDescription(
                "How much may disappear at once, from its sources or because it can't be indexed any more. What a sync would"
                        + " take from searches beyond both bounds stays searchable, and the condition DeletionsApplied says how"
                        + " to approve it.")
        @Nullable
        DeletionGuard deletionGuard,

        @JsonPropertyDescription(
                "Metadata of documents that searches may filter on, at most 64 fields. A change of this list rebuilds"
                        + " the index beside the live one. Default: none; other metadata is returned with hits all the same.")
        @Size(max = MAX_METADATA)
        @Nullable
        List<MetadataField> metadata,

        @JsonPropertyDescription(
                "Who may see which document. A change of the mode rebuilds the index beside the live one. Default:"
                        + " everybody who may search the corpus may see all of it.")
        @Nullable
        CorpusAccess access,

        @JsonPropertyDescription("Settings of the Elasticsearch indexes.") @Nullable
        IndexSpec index,

        @JsonPropertyDescription("When another generation is built, and what becomes of the one before.") @Nullable
        CorpusRelease release,

        @JsonPropertyDescription("What may be spent without asking anybody.") @Nullable
        CorpusBudget budget,

        @JsonPropertyDescription(
                "How a search is answered where the request does not say. Applied at once, without a new index.")
        @Nullable
        RetrievalSpec retrieval,

        @JsonPropertyDescription("What ingestion pods get, and what one document may cost.") @Nullable
        Ingestion ingestion,

        @JsonPropertyDescription("The pods that take pushed documents; only with a source of the kind push.") @Nullable
        CorpusInlet inlet,

        @JsonPropertyDescription(
                "What becomes of the indexes when the Corpus is deleted: Delete or Retain. Default: Delete.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['Delete', 'Retain']", message = "write Delete or Retain")
        @Nullable
        String deletionPolicy) {
    static final int MAX_SOURCES = 32;
    static final int MAX_METADATA = 64;
    static final int MAX_CHUNKS = 100_000;
    static final int MAX_PARALLELISM = RunReport.MOST_SHARDS;
    static final int MAX_NUMBER = 16;
    static final int MAX_CRON = 128;
    static final int MAX_DOCUMENTS = 1_000_000_000;
    static final int ALL = 100;

    static final String PINNED_OR_FOLLOWED = "!has(self.ingestion) || !has(self.ingestion.mode) ||"
            + " self.ingestion.mode != 'Continuous' || !has(self.freshness) || !has(self.freshness.schedule)";
    static final String TIME = "self.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')";
    static final String TIME_MESSAGE = "write hours and minutes, from \"00:00\" to \"23:59\"";

    /** How old answers may be. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Freshness(
            @JsonPropertyDescription(
                    "Longest time from a change in a source until answers show it: a number and a unit (s, m, h, d), at"
                            + " least 2s. Sources are read often enough to keep it; below 1m they are followed, see ingestion.mode."
                            + " Default: 15m.")
            @Size(max = MAX_NUMBER)
            @ValidationRule(
                    value = "self.matches('^[1-9][0-9]{0,4}(s|m|h|d)$') && (self.endsWith('d') || duration(self) >="
                            + " duration('2s'))",
                    message = "write a number and a unit, at least 2s, such as 5s, 90s, 15m or 7d")
            @Nullable
            String maxStaleness,

            @JsonPropertyDescription(
                    "Percentage of the time in which answers are to be no older than maxStaleness, from \"50\" to"
                            + " \"99.999\": what is left to 100 is the error budget. Default: \"99.5\".")
            @Size(max = MAX_NUMBER)
            @ValidationRule(
                    value = "self.matches('^[5-9][0-9]([.][0-9]{1,3})?$')",
                    message = "write a percentage from \"50\" to \"99.999\", such as \"99.5\"")
            @Nullable
            String objective,

            @JsonPropertyDescription(
                    "The time that the objective is about, and for which is told how long changes took, always the last so"
                            + " much: a number and a unit (h, d), 1h to 90d. Default: 7d.")
            @Size(max = MAX_NUMBER)
            @ValidationRule(
                    value = "self.matches('^([1-9][0-9]{0,2}h|[1-8]?[1-9]d|[1-9]0d)$')",
                    message = "write a number and a unit, from 1h to 90d, such as 24h or 7d")
            @Nullable
            String window,

            @JsonPropertyDescription(
                    "When the sources are read; each corpus is up to a minute later, or a tenth of the time between two moments where"
                            + " that is less, always by as much. Default: as seldom as maxStaleness allows, as runs have taken so far.")
            @Nullable
            Schedule schedule,

            @JsonPropertyDescription(
                    "Enabled: each run writes a document of its own, the tracer, and it is looked for as searches look, so that"
                            + " Fresh tells of an index that was restored or changed by hand, or of an alias that leads"
                            + " elsewhere. It is never an answer. Disabled: there is none. Default: Enabled.")
            @Size(max = MAX_NUMBER)
            @ValidationRule(value = "self in ['Enabled', 'Disabled']", message = "write Enabled or Disabled")
            @Nullable
            String tracer) {}

    /** Moments at which the sources are read. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Schedule(
            @JsonPropertyDescription(
                    "Five fields as cron has them: minute, hour, day of the month, month, day of the week. Example:"
                            + " 0 3 * * * for three o'clock each day.")
            @Required
            @Size(min = 1, max = MAX_CRON)
            @ValidationRule(
                    value = "self.matches('^[0-9*,/-]+ [0-9*,/-]+ [0-9*,/-]+ [0-9A-Za-z*,/-]+ [0-9A-Za-z*,/-]+$')",
                    message = "write five fields with one space between them, such as 0 3 * * *")
            @Nullable
            String cron,

            @JsonPropertyDescription("Time zone of the IANA database. Default: UTC. Example: Europe/Berlin.")
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = Rules.TIME_ZONE, message = Rules.TIME_ZONE_MESSAGE)
            @Nullable
            String timeZone) {}

    /** How much may disappear at once. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeletionGuard(
            @JsonPropertyDescription("So many documents may always disappear at once, 0 to 1000000000. Default: 50.")
            @Min(0)
            @Max(MAX_DOCUMENTS)
            @Nullable
            Integer maxDocuments,

            @JsonPropertyDescription(
                    "So many percent of the documents may always disappear at once, 0 to 100; 100 turns the guard off."
                            + " Default: 10.")
            @Min(0)
            @Max(ALL)
            @Nullable
            Integer maxPercent) {}

    /** A metadata field that searches may filter on. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MetadataField(
            @JsonPropertyDescription(
                    "Name of the field in the documents' metadata (front matter, JSONL). Example: product")
            @Required
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(
                    value = "self.matches('^[A-Za-z][-_A-Za-z0-9]*$')",
                    message = "write letters, digits, dashes and underscores, with a letter first")
            @Nullable
            String name,

            @JsonPropertyDescription(
                    "Type of its values: keyword (exact strings), long, double, boolean or date (ISO 8601). A document"
                            + " with another value is quarantined. Default: keyword.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self in ['keyword', 'long', 'double', 'boolean', 'date']",
                    message = "write keyword, long, double, boolean or date")
            @Nullable
            String type) {}

    /** How ingestion jobs run. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ingestion(
            @JsonPropertyDescription(
                    "How the sources are read. Jobs: by a Job whenever they have to be. Continuous: by one long-lived pod that"
                            + " follows them, by events where a source has them, else by asking often. Auto: Continuous where"
                            + " freshness.maxStaleness, access.syncInterval or access.maxStaleness is below 1m and no schedule is"
                            + " declared, else Jobs. New generations are built by Jobs in any case. Default: Auto.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self in ['Auto', 'Jobs', 'Continuous']",
                    message = "write Auto, Jobs or Continuous")
            @Nullable
            String mode,

            @JsonPropertyDescription(
                    "Resources of ingestion pods. Default: requests of 500m cpu and 768Mi memory, a limit of 2Gi"
                            + " memory.")
            @ValidationRule(value = Rules.REQUESTS_WITHIN_LIMITS, message = Rules.REQUESTS_WITHIN_LIMITS_MESSAGE)
            @Nullable
            ResourceRequirements resources,

            @JsonPropertyDescription(
                    "How many pods divide the documents among them when a generation is built, or when the sources are"
                            + " declared otherwise, 1 to 16, and no more than what model, parser and sources may be asked for"
                            + " (limits, rateLimit); each gets the resources. Pages of websites and records of topics are"
                            + " read by one. Default: 1.")
            @Min(1)
            @Max(MAX_PARALLELISM)
            @Nullable
            Integer parallelism,

            @JsonPropertyDescription(
                    "ServiceAccount of ingestion pods, for the identity that a cloud gives to it; its token of Kubernetes is not"
                            + " mounted. Default: the namespace's default.")
            @Size(min = 1, max = Rules.MAX_NAME)
            @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
            @Nullable
            String serviceAccountName,

            @JsonPropertyDescription(
                    "Size of the largest document that is read, at most 256Mi; larger ones are quarantined. Default:"
                            + " 10Mi.")
            @Size(max = MAX_NUMBER)
            @ValidationRule(
                    value = "self.matches('^[1-9][0-9]{0,9}(Ki|Mi|Gi|k|M|G)?$') &&"
                            + " quantity(self).compareTo(quantity('256Mi')) <= 0",
                    message = "write a number and a unit, at most 256Mi, such as 512Ki or 10Mi")
            @Nullable
            String maxDocumentSize,

            @JsonPropertyDescription(
                    "Most chunks of one document, 1 to 100000; a document that gives more is quarantined. Default:"
                            + " 10000.")
            @Min(1)
            @Max(MAX_CHUNKS)
            @Nullable
            Integer maxChunksPerDocument,

            @JsonPropertyDescription(
                    "A new generation of which more percent of the documents can't be indexed is not put into service, 0 to"
                            + " 100; fewer than 20 documents don't count. Default: 50.")
            @Min(0)
            @Max(ALL)
            @Nullable
            Integer maxQuarantinedPercent,

            @JsonPropertyDescription(
                    "The part of each day in which the operator starts runs; for each corpus it begins up to a minute later. One that is at work when it ends goes on;"
                            + " a run that a user creates starts at any time. Default: at any time.")
            @Nullable
            Window window,

            @JsonPropertyDescription(
                    "Whether the operator starts no run, so that what is searchable stays as it is; a run that a user creates"
                            + " starts all the same. Default: false.")
            @Nullable
            Boolean suspend) {}

    /** A part of each day. */
    @ValidationRule(
            value = "!has(self.from) || !has(self.until) || self.from != self.until",
            message = "write two different times, or leave window out",
            fieldPath = ".until")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Window(
            @JsonPropertyDescription("Time of day at which it begins. Example: \"22:00\"")
            @Required
            @Size(max = MAX_NUMBER)
            @ValidationRule(value = TIME, message = TIME_MESSAGE)
            @Nullable
            String from,

            @JsonPropertyDescription(
                    "Time of day before which it ends; on the next day where it is earlier than from. Example:"
                            + " \"06:00\"")
            @Required
            @Size(max = MAX_NUMBER)
            @ValidationRule(value = TIME, message = TIME_MESSAGE)
            @Nullable
            String until,

            @JsonPropertyDescription("Time zone of the IANA database. Default: UTC. Example: Europe/Berlin.")
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = Rules.TIME_ZONE, message = Rules.TIME_ZONE_MESSAGE)
            @Nullable
            String timeZone) {}
}
