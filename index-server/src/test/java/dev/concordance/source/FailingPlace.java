package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;

/** Where the documents of a source are, which are changed and read there, and which fails when it is told to. */
interface FailingPlace extends AutoCloseable {
    SourceManifest declared() throws Exception;

    void put(String name, String words) throws Exception;

    void remove(String name) throws Exception;

    /** Is well again. */
    void mend() throws Exception;

    /** The id of the document of this name. */
    default String id(String name) {
        return name;
    }

    @Override
    void close();
}
