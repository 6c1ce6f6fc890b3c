package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** How a repository is reached: by which protocols, as whom, and whom to trust. */
final class GitRemote implements AutoCloseable {
    /** The user name that hosts expect beside a token; those that don't care take any. */
    private static final String TOKEN_USER = "x-access-token";

    private static final Set<String> WEB = Set.of("http", "https");
    private static final String PRIVATE_KEY = "ssh-privatekey";
    private static final String KNOWN_HOSTS = "known_hosts";

    private final SourceManifest.Git git;
    private final @Nullable Path credentials;
    private final Path home;
    private @Nullable SshdSessionFactory sessions;

    /**
     * @param credentials folder of the mounted Secret
     * @param home a folder without settings of anybody
     */
    GitRemote(SourceManifest.Git git, @Nullable Path credentials, Path home) {
        this.git = git;
        this.credentials = credentials;
        this.home = home;
    }

    /** Throws {@link SourceException} for a URL that isn't reached at all, however its host may answer. */
    void check(String source) {
        try {
            var uri = new URIish(git.url());
            if (isSsh(uri)) {
                checkKeys(source);
            } else if (!WEB.contains(scheme(uri))) {
                throw invalid(source, "git.url needs to begin with https://, http:// or ssh://");
            } else if (uri.getUser() != null || uri.getPass() != null) {
                throw invalid(source, "git.url holds credentials: move them to a Secret, see git.credentialsSecretRef");
            }
        } catch (URISyntaxException e) {
            throw invalid(source, "git.url is no URL: correct it");
        }
    }

    private static String scheme(URIish uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    /** Also in the form {@code user@host:path}. */
    private static boolean isSsh(URIish uri) {
        return scheme(uri).equals("ssh") || scheme(uri).isEmpty() && uri.getHost() != null;
    }

    private void checkKeys(String source) {
        if (credentials == null
                || !Files.exists(credentials.resolve(PRIVATE_KEY))
                || !Files.exists(credentials.resolve(KNOWN_HOSTS))) {
            throw new SourceException(
                    FailureReason.SourceUnauthorized,
                    "source %s: for ssh the Secret of git.credentialsSecretRef needs the keys %s and %s, so nothing was changed"
                            .formatted(source, PRIVATE_KEY, KNOWN_HOSTS));
        }
    }

    void prepare(Transport transport) throws IOException {
        if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(sessions());
            return;
        }
        if (transport instanceof TransportHttp http) {
            http.setHttpConnectionFactory(new OneHostConnections(transport.getURI(), git.caCertificates()));
        }
        if (credentials == null) {
            return;
        }
        if (Files.exists(credentials.resolve("token"))) {
            transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(TOKEN_USER, read(credentials, "token")));
        } else {
            transport.setCredentialsProvider(new UsernamePasswordCredentialsProvider(
                    read(credentials, "username"), read(credentials, "password")));
        }
    }

    @Override
    public void close() {
        if (sessions != null) {
            sessions.close();
        }
    }

    private SourceException invalid(String source, String what) {
        return SourceException.of(source, FailureReason.SourceInvalid, what, null);
    }

    /** Host keys that {@code known_hosts} lacks are refused: there is nobody to ask, so there is no one who could be. */
    private SshdSessionFactory sessions() {
        if (sessions == null) {
            var keys = credentials == null ? home : credentials;
            sessions = new SshdSessionFactoryBuilder()
                    .setHomeDirectory(home.toFile())
                    .setSshDirectory(new File(home.toFile(), ".ssh"))
                    .setConfigStoreFactory((folder, config, user) -> null)
                    .setDefaultIdentities(folder -> List.of(keys.resolve(PRIVATE_KEY)))
                    .setDefaultKnownHostsFiles(folder -> List.of(keys.resolve(KNOWN_HOSTS)))
                    .build(null);
        }
        return sessions;
    }

    private static String read(Path folder, String key) throws IOException {
        return Files.readString(folder.resolve(key)).strip();
    }
}
