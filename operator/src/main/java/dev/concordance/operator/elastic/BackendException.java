package dev.concordance.operator.elastic;

/** A request to Elasticsearch that was not done, with what stands in its way. */
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What stands in the way. */
    public enum Obstacle {
        /** No connection, no answer in time, or an answer that the cluster can't serve requests now. */
        UNREACHABLE,
        /** A certificate that the declared authorities have not signed, or that is for another host. */
        CERTIFICATE_UNTRUSTED,
        /** The credentials are unknown, or missing where they are needed. */
        CREDENTIALS_REJECTED,
        /** The credentials are known and lack a privilege. */
        PRIVILEGE_MISSING,
        /** Disks are full: Elasticsearch has closed indexes for writing. */
        DISK_WATERMARK,
        /** Elasticsearch has understood the request and refused it. */
        REFUSED
    }

    private final Obstacle obstacle;

    public BackendException(Obstacle obstacle, String message) {
        super(message);
        this.obstacle = obstacle;
    }

    public BackendException(Obstacle obstacle, String message, Throwable cause) {
        super(message, cause);
        this.obstacle = obstacle;
    }

    /** What stands in the way. */
    public Obstacle obstacle() {
        return obstacle;
    }

    /** Never null: what was seen, as a sentence. */
    @Override
    public String getMessage() {
        return java.util.Objects.requireNonNullElse(super.getMessage(), "");
    }
}
