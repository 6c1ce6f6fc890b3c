package dev.concordance.localcluster.node.image;

import java.util.Optional;

/**
 * The name of an image, as a pod says it.
 *
 * @param repository without registry, if that is the default one
 * @param digest of the manifest, if it is asked for
 */
record Reference(String repository, String tag, Optional<String> digest) {
    static Reference parse(String text) {
        var at = text.indexOf('@');
        var digest = at < 0 ? Optional.<String>empty() : Optional.of(text.substring(at + 1));
        var name = at < 0 ? text : text.substring(0, at);
        var colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        var tag = colon < 0 ? "latest" : name.substring(colon + 1);
        var repository = colon < 0 ? name : name.substring(0, colon);
        for (var standard : new String[] {"docker.io/", "library/"}) {
            repository = repository.startsWith(standard) ? repository.substring(standard.length()) : repository;
        }
        return new Reference(repository, tag, digest);
    }

    /** Whether an image that was loaded under the name {@code loaded} is meant; a digest outweighs a tag. */
    boolean means(Reference loaded, String loadedDigest) {
        return repository.equals(loaded.repository)
                && digest.map(loadedDigest::equals).orElseGet(() -> tag.equals(loaded.tag));
    }
}
