package dev.concordance.operator.model;

import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.kube.Truth;
import java.util.List;
import java.util.Optional;

/** Tells what was seen of an EmbeddingModel as conditions. */
final class ModelConditions {
    /** All objects that are referred to exist. */
    static final String REFERENCES_RESOLVED = "ReferencesResolved";

    private ModelConditions() {}

    static List<Finding> of(Parsed<DeclaredModel> parsed, Optional<Reference> missing) {
        return switch (parsed) {
            case Parsed.Invalid<DeclaredModel>(var sentence) ->
                List.of(
                        Finding.of(Conditions.READY, Truth.FALSE, ModelReason.InvalidSpec, sentence),
                        Finding.of(Conditions.RECONCILING, Truth.FALSE, ModelReason.Settled),
                        Finding.of(Conditions.STALLED, Truth.TRUE, ModelReason.InvalidSpec, sentence),
                        Finding.of(REFERENCES_RESOLVED, Truth.UNKNOWN, ModelReason.Waiting));
            case Parsed.Valid<DeclaredModel>(var model) ->
                missing.map(ModelConditions::waiting).orElseGet(() -> usable(model));
        };
    }

    private static List<Finding> waiting(Reference missing) {
        var reason = switch (missing.kind()) {
            case "Secret" -> ModelReason.SecretMissing;
            case "ConfigMap" -> ModelReason.CertificateAuthorityMissing;
            default -> ModelReason.ClaimMissing;
        };
        return List.of(
                Finding.of(Conditions.READY, Truth.FALSE, reason, missing),
                Finding.of(Conditions.RECONCILING, Truth.TRUE, reason, missing),
                Finding.of(Conditions.STALLED, Truth.FALSE, ModelReason.Settled),
                Finding.of(REFERENCES_RESOLVED, Truth.FALSE, reason, missing));
    }

    private static List<Finding> usable(DeclaredModel model) {
        var manifest = model.manifest();
        return List.of(
                Finding.of(Conditions.READY, Truth.TRUE, ModelReason.Usable, manifest.dimensions(), manifest.digest()),
                Finding.of(Conditions.RECONCILING, Truth.FALSE, ModelReason.Settled),
                Finding.of(Conditions.STALLED, Truth.FALSE, ModelReason.Settled),
                Finding.of(REFERENCES_RESOLVED, Truth.TRUE, ModelReason.ReferencesFound));
    }
}
