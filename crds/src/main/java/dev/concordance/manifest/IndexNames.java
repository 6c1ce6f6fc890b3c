package dev.concordance.manifest;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** The names of everything that one corpus owns in Elasticsearch, and of what the corpora of its namespace share. */
public record IndexNames(String prefix, String namespace, String corpus) {
    /** What query servers read; points to exactly one generation. */
    public String alias() {
        return prefix + "-" + namespace + "." + corpus;
    }

    /** A hidden alias of a generation that says since when it serves, or did last. No object of Kubernetes has an underscore in its name. */
    public String served(Instant since) {
        return servedBefore() + since.toEpochMilli();
    }

    /** A pattern of all aliases that {@link #served} names. */
    public String everServed() {
        return servedBefore() + "*";
    }

    /** What an alias says that {@link #served} names; empty for any other. */
    public Optional<Instant> servedSince(String alias) {
        var digits = alias.startsWith(servedBefore())
                ? alias.substring(servedBefore().length())
                : "";
        return digits.matches("[0-9]{1,15}")
                ? Optional.of(Instant.ofEpochMilli(Long.parseLong(digits)))
                : Optional.empty();
    }

    private String servedBefore() {
        return alias() + "._served-";
    }

    /** The number of the generation whose index has this name; empty for any other index. */
    public OptionalInt number(String index) {
        var before = alias() + "-g";
        var digits = index.startsWith(before) ? index.substring(before.length()) : "";
        return digits.matches("[1-9][0-9]{0,8}") ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /** The index of generation {@code number}: chunks with their vectors. */
    public String generation(int number) {
        return alias() + "-g" + number;
    }

    /** What generation {@code number} holds, one record a document. */
    public String manifest(int number) {
        return generation(number) + "-manifest";
    }

    /** The lease, the states of the generations and the reports of the runs. */
    public String ledger() {
        return alias() + "-ledger";
    }

    /** What was pushed to the corpus. No object of Kubernetes has an underscore in its name. */
    public String inbox() {
        return alias() + "._inbox";
    }

    /** The vectors of a model that the corpora of the namespace share. No object of Kubernetes has an underscore in its name. */
    public String embeddings(String modelDigest) {
        return shared() + "embeddings-" + modelDigest;
    }

    /** What the corpora of the namespace have spent on remote models. */
    public String spending() {
        return shared() + "spending";
    }

    /** A pattern of all indexes of the namespace. */
    public String ofNamespace() {
        return prefix + "-" + namespace + ".*";
    }

    private String shared() {
        return prefix + "-" + namespace + "._";
    }
}
