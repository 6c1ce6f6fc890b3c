package dev.concordance.testing;

import dev.concordance.localcluster.servers.ParsingEndpoint;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RemoteParser.Ocr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Manifests of the parser that a {@link ParsingEndpoint} is. */
public final class RemoteParsers {
    private static final long TIMEOUT_MILLIS = 2_000;

    private RemoteParsers() {}

    /** It, with the defaults of a Corpus. */
    public static RemoteParser of(ParsingEndpoint endpoint) {
        return at(endpoint.url(), null, List.of(Format.PDF, Format.Image));
    }

    /** One for these formats. */
    public static RemoteParser at(String url, @Nullable String credentialsMount, List<Format> formats) {
        return new RemoteParser(
                formats,
                Ocr.Auto,
                List.of(),
                "",
                new RemoteParser.Access(url, credentialsMount, null, 2, TIMEOUT_MILLIS));
    }
}
