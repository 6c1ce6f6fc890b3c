package dev.concordance.operator.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.manifest.ErasureDigest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tombstone;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes receipts. A statement is canonical JSON (RFC 8785, JSON Canonicalization Scheme): members in the order of their names, no
 * white space, integers, and strings without characters that would have to be escaped in two ways. It tells neither ids nor texts.
 */
final class Receipt {
    private static final String ISSUED = "issuedAt";

    private Receipt() {}

    /**
     * The receipt for what is true now: the one that there is, if that still says it.
     *
     * @param pending as the status tells it
     */
    static ErasureStatus.Receipt of(
            ErasureObservation seen,
            ErasureDeclaration declared,
            Map<String, String> indexes,
            Optional<ErasureReport> report,
            List<ErasureStatus.Pending> pending) {
        var facts = facts(seen, declared, indexes, report, pending);
        var before = seen.previous().map(ErasureStatus::receipt).orElse(null);
        var issuedAt = isIssued(before, facts) ? issuedAt(before) : seconds(seen.now());
        facts.put(ISSUED, issuedAt);
        var statement = json(facts);
        return switch (seen.key()) {
            case SigningKey.Usable key ->
                new ErasureStatus.Receipt(
                        statement, SigningKey.ALGORITHM, key.sign(statement), key.publicPem(), key.secretVersion());
            case SigningKey.NotDeclared none -> new ErasureStatus.Receipt(statement, null, null, null, null);
            case SigningKey.Unusable unusable -> new ErasureStatus.Receipt(statement, null, null, null, null);
        };
    }

    private static Map<String, Object> facts(
            ErasureObservation seen,
            ErasureDeclaration declared,
            Map<String, String> indexes,
            Optional<ErasureReport> report,
            List<ErasureStatus.Pending> pending) {
        var facts = new TreeMap<String, Object>();
        facts.put("apiVersion", Api.GROUP + "/" + Api.VERSION);
        facts.put("kind", "ErasureReceipt");
        facts.put("namespace", seen.names().namespace());
        facts.put("erasure", seen.names().name());
        facts.put("corpus", declared.corpus());
        facts.put("covers", covers(declared.tombstone()));
        facts.put(
                "documents",
                report.map(ErasureReport::documents).orElse(List.of()).stream()
                        .map(erased ->
                                new TreeMap<>(Map.of("content", erased.content(), "document", erased.document())))
                        .toList());
        facts.put(
                "stores",
                report.map(ErasureReport::stores).orElse(List.of()).stream()
                        .map(Receipt::store)
                        .toList());
        report.map(ErasureReport::erasedAt).ifPresent(at -> facts.put("erasedAt", seconds(at)));
        report.map(ErasureReport::search).ifPresent(search -> facts.put("search", search(search)));
        facts.put("indexes", new TreeMap<>(indexes));
        facts.put("pending", pending.stream().map(Receipt::pending).toList());
        return facts;
    }

    /** What was asked for, as counts and one digest, by which the spec can be held against the receipt. */
    private static Map<String, Object> covers(Tombstone tombstone) {
        var spec = new TreeMap<String, Object>();
        spec.put(
                "documents",
                tombstone.documents().stream()
                        .map(document -> document.source() == null
                                ? new TreeMap<>(Map.of("id", document.id()))
                                : new TreeMap<>(Map.of("id", document.id(), "source", document.source())))
                        .toList());
        spec.put("metadata", tombstone.metadata().stream().map(TreeMap::new).toList());
        spec.put("uris", tombstone.uris());
        var covers = new TreeMap<String, Object>();
        covers.put("digest", ErasureDigest.of(tombstone.erasure(), json(spec)));
        covers.put("documents", tombstone.documents().size());
        covers.put("metadata", tombstone.metadata().size());
        covers.put("uris", tombstone.uris().size());
        return covers;
    }

    private static Map<String, Object> store(ErasureReport.Store store) {
        var facts = new TreeMap<String, Object>();
        facts.put("index", store.index());
        facts.put("uuid", store.uuid());
        facts.put("documents", store.documents());
        facts.put("passages", store.passages());
        facts.put("vectors", store.vectors());
        return facts;
    }

    private static Map<String, Object> search(ErasureReport.Search search) {
        var facts = new TreeMap<String, Object>();
        facts.put("at", seconds(search.at()));
        facts.put("documents", search.documents());
        facts.put("texts", search.texts());
        facts.put("vectors", search.vectors());
        facts.put("sameText", search.sameText());
        facts.put(
                "generations",
                search.generations().stream().map(Receipt::searched).toList());
        return facts;
    }

    private static Map<String, Object> searched(ErasureReport.Searched searched) {
        var facts = new TreeMap<String, Object>();
        facts.put("index", searched.index());
        facts.put("uuid", searched.uuid());
        facts.put("texts", searched.texts());
        facts.put("vectors", searched.vectors());
        return facts;
    }

    private static Map<String, Object> pending(ErasureStatus.Pending pending) {
        var facts = new TreeMap<String, Object>();
        put(facts, "kind", pending.kind());
        put(facts, "name", pending.name());
        put(facts, "since", pending.since());
        put(facts, "expires", pending.expires());
        return facts;
    }

    private static void put(Map<String, Object> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    /** Whether a receipt says the same, whenever it was issued. */
    private static boolean isIssued(ErasureStatus.@Nullable Receipt receipt, Map<String, Object> facts) {
        if (receipt == null || receipt.statement() == null) {
            return false;
        }
        var before = read(receipt.statement());
        if (!before.isObject()) {
            return false;
        }
        ((ObjectNode) before).remove(ISSUED);
        return before.toString().equals(json(facts));
    }

    private static String issuedAt(ErasureStatus.@Nullable Receipt receipt) {
        return receipt == null || receipt.statement() == null
                ? ""
                : read(receipt.statement()).path(ISSUED).asText();
    }

    private static JsonNode read(String statement) {
        try {
            return ManifestJson.mapper().readTree(statement);
        } catch (JsonProcessingException changedByHand) {
            return MissingNode.getInstance();
        }
    }

    private static String json(Object facts) {
        try {
            return ManifestJson.mapper().writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
