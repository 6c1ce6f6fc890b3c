package dev.concordance.operator.cluster;

import dev.concordance.operator.kube.Reason;

/** Why a SearchCluster's conditions are as they are. */
public enum ClusterReason implements Reason {
    Connected("Elasticsearch %s (cluster %s) answers"),
    Waiting("waiting for the first answer of Elasticsearch"),
    Paused("the annotation concordance.dev/paused is \"true\"; remove it to go on"),
    InvalidSpec("%s"),
    ReferencesFound("all that is referred to exists"),
    SecretMissing("Secret %s does not exist; create it with username and password, or apiKey"),
    SecretIncomplete("Secret %s has neither username and password nor apiKey; add them"),
    CertificateAuthorityMissing("%s with the certificate authority does not exist, or lacks the key %s; create it"),
    ElasticsearchUnreachable("no answer from %s: %s"),
    CertificateUntrusted(
            "the certificate of %s is not trusted: %s; set spec.certificateAuthority to the authority that signed it"),
    CredentialsRejected("Elasticsearch at %s rejects the credentials: %s; check spec.credentials.operatorSecretRef"),
    PrivilegeMissing(
            "the credentials lack a privilege at %s: %s; grant what docs/operations.md lists for the operator"),
    VersionTooOld("Elasticsearch %s is too old; it has to be 8.19 or newer"),
    DiskWatermark(
            "Elasticsearch has closed indexes for writing, because its disks are full: %s; free or add disk space"),
    Refused("Elasticsearch at %s refuses the check: %s"),
    Settled("nothing is left to do");

    private final String template;

    ClusterReason(String template) {
        this.template = template;
    }

    @Override
    public boolean isRoutine() {
        return switch (this) {
            case Waiting, Paused -> true;
            default -> false;
        };
    }

    @Override
    public String template() {
        return template;
    }
}
