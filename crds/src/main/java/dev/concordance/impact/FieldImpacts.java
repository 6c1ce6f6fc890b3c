package dev.concordance.impact;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;

/**
 * What a change of each field takes that somebody may write in a Corpus or in what it refers to. Lists are written as {@code []}. This is the
 * one place where fields are classified; a test fails for a field that isn't here.
 */
public final class FieldImpacts {
    private static final String CORPUS = """
                    NONE here: access.syncInterval budget.perPlan.money budget.perPlan.tokens index.retainedGenerations release.approval release.soak
                        deletionGuard.maxDocuments deletionGuard.maxPercent deletionPolicy
                        freshness.maxStaleness freshness.objective freshness.window freshness.tracer
                        freshness.schedule.cron freshness.schedule.timeZone
                        ingestion.maxQuarantinedPercent ingestion.mode ingestion.parallelism
                        ingestion.resources.limits ingestion.resources.requests ingestion.serviceAccountName
                        ingestion.suspend ingestion.window.from ingestion.window.timeZone ingestion.window.until
                        inlet.replicas inlet.resources.limits inlet.resources.requests
                        parser.remote.caConfigMapRef.key parser.remote.caConfigMapRef.name
                        parser.remote.credentialsSecretRef.name parser.remote.limits.concurrentRequests
                        parser.remote.limits.requestTimeout parser.remote.url
                        sources[].git.caConfigMapRef.key sources[].git.caConfigMapRef.name
                        sources[].git.credentialsSecretRef.name
                        sources[].jdbc.caConfigMapRef.key sources[].jdbc.caConfigMapRef.name
                        sources[].jdbc.credentialsSecretRef.name sources[].jdbc.rateLimit.bytesPerSecond
                        sources[].jdbc.rateLimit.requestsPerMinute sources[].jdbc.tls
                        sources[].kafka.caConfigMapRef.key sources[].kafka.caConfigMapRef.name
                        sources[].kafka.credentialsSecretRef.name sources[].kafka.mechanism sources[].kafka.tls
                        sources[].push.tokens[].name sources[].push.tokens[].secretRef.key
                        sources[].push.tokens[].secretRef.name
                        sources[].s3.caConfigMapRef.key sources[].s3.caConfigMapRef.name
                        sources[].s3.credentialsSecretRef.name sources[].s3.notifications.sqs.queueUrl
                        sources[].s3.notifications.sqs.region sources[].s3.pathStyle sources[].s3.podIdentity
                        sources[].s3.rateLimit.bytesPerSecond sources[].s3.rateLimit.requestsPerMinute
                        sources[].web.caConfigMapRef.key sources[].web.caConfigMapRef.name
                        sources[].web.credentialsSecretRef.name sources[].web.delay sources[].web.userAgentSuffix
                    SERVE here: access.maxStaleness index.replicas index.rollbackTo retrieval.mode retrieval.fusion.method
                        retrieval.fusion.lexicalWeight retrieval.fusion.semanticWeight retrieval.fusion.rankConstant
                        retrieval.boosts.context retrieval.boosts.text
                        retrieval.synonymsConfigMapRef.key retrieval.synonymsConfigMapRef.name retrieval.semantic.maxLatency retrieval.semantic.oversample retrieval.semantic.recall
                    REMAP beside: index.shards index.analysis.language index.analysis.stopWords[] index.vectors.efConstruction index.vectors.m index.vectors.type
                    RECHUNK beside: chunkingPolicyRef.name embeddingModelRef.name metadata[].name metadata[].type
                    REFETCH beside: access.mode parser.remote.formats[] parser.remote.ocr.languages[]
                        parser.remote.ocr.mode parser.remote.revision searchClusterRef.name searchClusterRef.namespace
                    REFETCH here: access.field access.file ingestion.maxChunksPerDocument ingestion.maxDocumentSize
                        sources[].name sources[].include[] sources[].exclude[] sources[].uriTemplate
                        sources[].configMap.name sources[].git.ref sources[].git.url
                        sources[].jdbc.changeColumn sources[].jdbc.contentColumn sources[].jdbc.database
                        sources[].jdbc.deletedColumn sources[].jdbc.engine sources[].jdbc.format sources[].jdbc.host
                        sources[].jdbc.keyColumn sources[].jdbc.metadataColumns[] sources[].jdbc.port
                        sources[].jdbc.query sources[].jdbc.titleColumn sources[].jdbc.uriColumn
                        sources[].jsonl.idField sources[].jsonl.metadataFields[] sources[].jsonl.textField
                        sources[].jsonl.titleField sources[].jsonl.uriField
                        sources[].kafka.bootstrapServers[] sources[].kafka.format sources[].kafka.json.contentField
                        sources[].kafka.json.metadataFields[] sources[].kafka.json.titleField
                        sources[].kafka.json.uriField sources[].kafka.topic
                        sources[].s3.bucket sources[].s3.endpoint sources[].s3.prefix sources[].s3.region
                        sources[].volume.claimName sources[].volume.path
                        sources[].web.hosts[] sources[].web.maxDepth sources[].web.maxPages sources[].web.sitemaps[]
                        sources[].web.urls[]
                    """;
    private static final String CHUNKING_POLICY = """
                    RECHUNK beside: code.contextHeader code.maxTokens
                        headings.contextHeader headings.maxTokens headings.overlapTokens
                        hierarchical.childTokens hierarchical.contextHeader hierarchical.parentTokens
                        privacy.card privacy.email privacy.hiddenText privacy.iban privacy.instructionInjection
                        privacy.nationalId privacy.phone privacy.phoneRegions[] privacy.secret
                        recursive.contextHeader recursive.maxTokens
                        semantic.breakpointPercentile semantic.contextHeader semantic.maxTokens semantic.minTokens
                        sentences.contextHeader sentences.maxTokens sentences.overlapSentences
                        tokens.contextHeader tokens.maxTokens tokens.overlapTokens whole.contextHeader
                    """;
    private static final String EMBEDDING_MODEL = """
                    NONE here: cache.enabled cache.maxVectors cache.unusedMonths
                        onnx.model.url onnx.model.volume.claimName onnx.model.volume.path
                        onnx.tokenizer.url onnx.tokenizer.volume.claimName onnx.tokenizer.volume.path
                        remote.budget.perMonth remote.limits.concurrentRequests remote.limits.inputsPerRequest
                        remote.limits.requestTimeout remote.limits.requestsPerMinute remote.limits.tokensPerMinute
                        remote.limits.tokensPerRequest remote.price.currency remote.price.perMillionTokens
                        remote.tokenizer.url remote.tokenizer.volume.claimName remote.tokenizer.volume.path
                    SERVE here: remote.caConfigMapRef.key remote.caConfigMapRef.name
                        remote.credentialsSecretRef.name remote.limits.queryTimeout remote.protocol remote.url
                        onnx.prefixes.query remote.prefixes.query
                    REEMBED beside: onnx.dimensions onnx.model.sha256 onnx.normalize onnx.pooling
                        remote.dimensions remote.model remote.normalize remote.revision
                    RECHUNK beside: bundled.name onnx.maxTokens onnx.prefixes.passage onnx.tokenizer.sha256
                        remote.maxTokens remote.prefixes.passage remote.tokenizer.bundled remote.tokenizer.sha256
                    """;

    private static final Map<String, Map<String, FieldImpact>> KINDS = Map.of(
            "Corpus", table(CORPUS),
            "ChunkingPolicy", table(CHUNKING_POLICY),
            "EmbeddingModel", table(EMBEDDING_MODEL));

    private FieldImpacts() {}

    /**
     * What a change of a field takes at most.
     *
     * @param beside whether a generation is built beside the one that serves; false: it is applied to that one
     */
    public record FieldImpact(Impact impact, boolean beside) {}

    /** The classes of the fields below {@code spec} of a kind, by their paths; empty for a kind that no corpus refers to. */
    public static Map<String, FieldImpact> of(String kind) {
        return Optional.ofNullable(KINDS.get(kind)).orElse(Map.of());
    }

    private static Map<String, FieldImpact> table(String words) {
        var table = new HashMap<String, FieldImpact>();
        var scanner = new Scanner(words);
        var impact = new FieldImpact(Impact.NONE, false);
        while (scanner.hasNext()) {
            if (scanner.hasNext("[A-Z]+")) {
                impact = new FieldImpact(
                        Impact.valueOf(scanner.next()), scanner.next().equals("beside:"));
            }
            var path = scanner.next();
            if (table.put(path, impact) != null) {
                throw new IllegalStateException(path + " is classified twice");
            }
        }
        return Map.copyOf(table);
    }
}
