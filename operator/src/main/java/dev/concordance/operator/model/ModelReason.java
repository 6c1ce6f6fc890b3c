package dev.concordance.operator.model;

import dev.concordance.operator.kube.Reason;

/** Why an EmbeddingModel's conditions are as they are. */
enum ModelReason implements Reason {
    Usable("vectors have %d dimensions, digest %s"),
    InvalidSpec("%s"),
    ClaimMissing("%s with the model's files does not exist; create it"),
    SecretMissing("%s with the key of the model's endpoint does not exist; create it"),
    CertificateAuthorityMissing("%s with the certificates of the model's endpoint does not exist; create it"),
    ReferencesFound("all that is referred to exists"),
    Waiting("not known while the spec is invalid"),
    Settled("nothing is left to do");

    private final String template;

    ModelReason(String template) {
        this.template = template;
    }

    @Override
    public String template() {
        return template;
    }
}
