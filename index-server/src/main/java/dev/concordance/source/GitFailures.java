package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.util.List;
import java.util.Locale;
import org.eclipse.jgit.api.errors.GitAPIException;

/** What the failure of a git command means to the user. The library tells most of it in words only. */
final class GitFailures {
    private static final List<String> UNAUTHORIZED = List.of(
            "not authorized",
            "authentication",
            "auth fail",
            "not permitted",
            "401",
            "403",
            "no more authentication methods");

    private GitFailures() {}

    static SourceException explained(String source, SourceManifest.Git git, GitAPIException e) {
        var said = deepest(e);
        var words = (e.getMessage() + " " + said).toLowerCase(Locale.ROOT);
        if (UNAUTHORIZED.stream().anyMatch(words::contains)) {
            return new SourceException(
                    FailureReason.SourceUnauthorized,
                    "source %s: %s refuses the access, so nothing was changed: give credentials that may read it in git.credentialsSecretRef"
                            .formatted(source, git.url()),
                    e);
        }
        if (words.contains("not found") || words.contains("not a git repository")) {
            return new SourceException(
                    FailureReason.SourceUnreachable,
                    "source %s: there is no repository at %s that these credentials see, so nothing was changed: correct git.url"
                            .formatted(source, git.url()),
                    e);
        }
        return new SourceException(
                FailureReason.SourceUnreachable,
                "source %s: %s can't be reached, so nothing was changed: %s".formatted(source, git.url(), said),
                e);
    }

    private static String deepest(Throwable cause) {
        var deepest = cause;
        for (var at = cause.getCause(); at != null; at = at.getCause()) {
            deepest = at;
        }
        var message = String.valueOf(deepest.getMessage()).replaceAll("\\s+", " ");
        return message.length() <= 300 ? message : message.substring(0, 300) + "…";
    }
}
