package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Where one file of an embedding model comes from. Content is checked against the SHA-256 before it is used. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "from")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ModelFile.Bundled.class, name = "bundled"),
    @JsonSubTypes.Type(value = ModelFile.Mounted.class, name = "mounted"),
    @JsonSubTypes.Type(value = ModelFile.Downloaded.class, name = "downloaded")
})
public sealed interface ModelFile {
    /** Lower-case hexadecimal SHA-256 of the file's bytes. */
    String sha256();

    /** A class path resource of the index server. */
    record Bundled(String resource, String sha256) implements ModelFile {}

    /** A file below the mount {@code mount} of the pod; {@code path} is relative to it and never leaves it. */
    record Mounted(String mount, String path, String sha256) implements ModelFile {}

    /** Fetched over http(s) into the pod's work folder. */
    record Downloaded(String url, String sha256) implements ModelFile {}
}
