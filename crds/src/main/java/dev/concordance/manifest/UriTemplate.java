package dev.concordance.manifest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a person finds a document that doesn't say so itself. */
public final class UriTemplate {
    private UriTemplate() {}

    /** The template with {@code {path}} or {@code {id}} replaced; the id itself where a source declares no template. */
    public static String uri(@Nullable String template, String id) {
        return template == null ? id : template.replace("{path}", encoded(id)).replace("{id}", encoded(id));
    }

    /** Percent-encoded, with slashes as they are. */
    private static String encoded(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment ->
                        URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
