package dev.concordance.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an inlet takes and from whom: mounted as a file, read again when it changes.
 *
 * @param sources of the corpus that documents are pushed to
 * @param documentLevel whether documents say who may see them
 * @param maxDocumentBytes of a document's content
 * @param tombstones of documents that are not taken
 */
public record InletTable(
        IndexNames names,
        ElasticsearchAccess elasticsearch,
        List<Source> sources,
        boolean documentLevel,
        long maxDocumentBytes,
        Tombstones tombstones) {
    public InletTable {
        sources = List.copyOf(sources);
    }

    /** The source of this name. */
    public Source source(String name) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * A source, and who may push to it.
     *
     * @param uriTemplate as {@link SourceManifest} has it
     */
    public record Source(String name, @Nullable String uriTemplate, List<Token> tokens) {
        public Source {
            tokens = List.copyOf(tokens);
        }
    }

    /** A bearer token; its value is the content of the file {@code key} in {@code mount}. */
    public record Token(String name, String mount, String key) {}
}
