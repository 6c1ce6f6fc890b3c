package dev.concordance.source;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;

/** What the failure of a conversation with a git host means to the user. The library tells much of it in words only. */
final class GitFailures {
    private static final List<String> UNAUTHORIZED = List.of(
            "not authorized",
            "authentication is required",
            "authentication not supported",
            "auth fail",
            "not permitted",
            "cannot log in",
            "no more authentication methods");
    private static final List<String> STRANGER =
            List.of("server key did not validate", "host key", "known_hosts", "server key is unknown");

    private GitFailures() {}

    static SourceException explained(String source, SourceManifest.Git git, IOException e) {
        var said = Causes.told(e);
        var words = (e.getMessage() + " " + said).replace(git.url(), "").toLowerCase(Locale.ROOT);
        if (Causes.has(e, NoSuchFileException.class)) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "the Secret of git.credentialsSecretRef needs the key token, or username and password",
                    e);
        }
        var led = Causes.find(e, OneHostConnections.LedElsewhere.class);
        if (led != null) {
            return SourceException.of(
                    source,
                    FailureReason.SourceInvalid,
                    "%s: %s; declare the URL that it leads to".formatted(git.url(), led.getMessage()),
                    e);
        }
        if (Causes.has(e, SSLException.class)) {
            return SourceException.of(
                    source, FailureReason.SourceUnreachable, Authorities.remedy(git.url(), e, "git.caConfigMapRef"), e);
        }
        if (STRANGER.stream().anyMatch(words::contains)) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "the host key of %s is not in known_hosts: see whether it is the right host, and add its key to the Secret"
                            .formatted(git.url()),
                    e);
        }
        return answered(source, git, e, words);
    }

    private static SourceException answered(String source, SourceManifest.Git git, IOException e, String words) {
        if (UNAUTHORIZED.stream().anyMatch(words::contains)) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "%s refuses the access: give credentials that may read it in git.credentialsSecretRef"
                            .formatted(git.url()),
                    e);
        }
        if (Causes.has(e, NoRemoteRepositoryException.class) || words.contains("not a git repository")) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnreachable,
                    "there is no repository at %s that these credentials see: correct git.url".formatted(git.url()),
                    e);
        }
        return SourceException.of(
                source,
                FailureReason.SourceUnreachable,
                "%s can't be reached: %s".formatted(git.url(), Causes.told(e)),
                e);
    }
}
