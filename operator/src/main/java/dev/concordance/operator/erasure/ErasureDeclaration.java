package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.ErasureSpec;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an Erasure declares, checked and with its defaults.
 *
 * @param tombstone without the keys of what was erased
 * @param mostDocuments with what somebody has approved
 * @param signing with what its receipt is signed; empty: with nothing
 */
record ErasureDeclaration(String corpus, Tombstone tombstone, long mostDocuments, Optional<KeyName> signing) {
    private static final int MOST_DOCUMENTS = 100;

    /** A key of a Secret. */
    record KeyName(String secret, String key) {}

    static ErasureDeclaration parse(Erasure erasure) {
        var spec = Defaults.required(erasure.getSpec(), "spec");
        var corpus = Defaults.required(spec.corpusRef(), "spec.corpusRef");
        var tombstone =
                new Tombstone(erasure.getMetadata().getUid(), List.of(), documents(spec), uris(spec), metadata(spec));
        if (tombstone.documents().isEmpty()
                && tombstone.uris().isEmpty()
                && tombstone.metadata().isEmpty()) {
            throw new InvalidSpec(
                    "spec says nothing of what is erased: set at least one of documents, uris and metadata");
        }
        return new ErasureDeclaration(
                Defaults.required(corpus.name(), "spec.corpusRef.name"), tombstone, most(erasure, spec), signing(spec));
    }

    private static List<NamedDocument> documents(ErasureSpec spec) {
        return Defaults.or(spec.documents(), List.<ErasureSpec.NamedDocument>of()).stream()
                .map(document ->
                        new NamedDocument(Defaults.required(document.id(), "spec.documents.id"), document.source()))
                .toList();
    }

    private static List<String> uris(ErasureSpec spec) {
        return Defaults.or(spec.uris(), List.of());
    }

    private static List<Map<String, String>> metadata(ErasureSpec spec) {
        return Defaults.or(spec.metadata(), List.<ErasureSpec.MetadataSelector>of()).stream()
                .map(selector -> fields(selector.matchFields()))
                .toList();
    }

    /** One without fields would match everything. */
    private static Map<String, String> fields(@Nullable Map<String, String> declared) {
        if (declared == null || declared.isEmpty()) {
            throw new InvalidSpec("spec.metadata.matchFields is empty; name at least one field with its value");
        }
        return declared;
    }

    private static long most(Erasure erasure, ErasureSpec spec) {
        var declared = Defaults.or(spec.maxDocuments(), MOST_DOCUMENTS);
        var approved = Annotations.value(erasure, Api.APPROVE_ERASURE)
                .filter(text -> text.matches("[1-9][0-9]{0,5}"))
                .map(Long::parseLong)
                .filter(number -> number <= ErasureSpec.MAX_DOCUMENTS)
                .orElse(0L);
        return Math.max(declared, approved);
    }

    private static Optional<KeyName> signing(ErasureSpec spec) {
        if (spec.receipt() == null) {
            return Optional.empty();
        }
        var reference = Defaults.required(spec.receipt().signingKeySecretRef(), "spec.receipt.signingKeySecretRef");
        return Optional.of(new KeyName(
                Defaults.required(reference.name(), "spec.receipt.signingKeySecretRef.name"),
                Defaults.or(reference.key(), "ed25519.pem")));
    }
}
