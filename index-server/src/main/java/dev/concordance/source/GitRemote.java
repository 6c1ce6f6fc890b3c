package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.TransportConfigCallback;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** How a repository is reached: who asks, and whom to trust. */
final class GitRemote {
    /** The user name that hosts expect beside a token; those that don't care take any. */
    private static final String TOKEN_USER = "x-access-token";

    private final SourceManifest.Git git;
    private final @Nullable Path credentials;
    private final Path home;

    GitRemote(SourceManifest.Git git, @Nullable Path credentials, Path home) {
        this.git = git;
        this.credentials = credentials;
        this.home = home;
    }

    @Nullable
    CredentialsProvider credentials() throws IOException {
        if (credentials == null) {
            return null;
        }
        if (Files.exists(credentials.resolve("token"))) {
            return new UsernamePasswordCredentialsProvider(TOKEN_USER, read(credentials, "token"));
        }
        return Files.exists(credentials.resolve("password"))
                ? new UsernamePasswordCredentialsProvider(read(credentials, "username"), read(credentials, "password"))
                : null;
    }

    TransportConfigCallback transport() {
        return transport -> {
            if (transport instanceof SshTransport ssh) {
                ssh.setSshSessionFactory(sessions());
            } else if (transport instanceof TransportHttp http && git.caCertificates() != null) {
                http.setHttpConnectionFactory(new TrustingConnections(git.caCertificates()));
            }
        };
    }

    /** Host keys that {@code known_hosts} lacks are refused: there is nobody to ask. */
    private org.eclipse.jgit.transport.sshd.SshdSessionFactory sessions() {
        var keys = credentials == null ? home : credentials;
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(home.toFile())
                .setSshDirectory(new File(home.toFile(), ".ssh"))
                .setConfigStoreFactory((folder, config, user) -> null)
                .setDefaultIdentities(folder -> List.of(keys.resolve("ssh-privatekey")))
                .setDefaultKnownHostsFiles(folder -> List.of(keys.resolve("known_hosts")))
                .build(null);
    }

    private static String read(Path folder, String key) throws IOException {
        return Files.readString(folder.resolve(key)).strip();
    }
}
