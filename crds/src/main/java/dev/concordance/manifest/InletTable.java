package dev.concordance.manifest;

import java.util.List;

/**
 * What an inlet takes and from whom: mounted as a file, read again when it changes.
 *
 * @param sources of the corpus that documents are pushed to
 * @param documentLevel whether documents say who may see them
 * @param maxDocumentBytes of a document's content
 */
public record InletTable(
        IndexNames names,
        ElasticsearchAccess elasticsearch,
        List<Source> sources,
        boolean documentLevel,
        long maxDocumentBytes) {
    public InletTable {
        sources = List.copyOf(sources);
    }

    /** A source, and who may push to it. */
    public record Source(String name, List<Token> tokens) {
        public Source {
            tokens = List.copyOf(tokens);
        }
    }

    /** A bearer token; its value is the content of the file {@code key} in {@code mount}. */
    public record Token(String name, String mount, String key) {}
}
