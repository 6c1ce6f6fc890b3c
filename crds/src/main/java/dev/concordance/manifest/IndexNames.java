package dev.concordance.manifest;

/** The names of everything that one corpus owns in Elasticsearch. */
public record IndexNames(String prefix, String namespace, String corpus) {
    /** What query servers read; points to exactly one generation. */
    public String alias() {
        return prefix + "-" + namespace + "." + corpus;
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
}
