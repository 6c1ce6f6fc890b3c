package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.assertj.core.api.AbstractThrowableAssert;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitOverSshTest {
    @TempDir
    private Path folder;

    private final KeyPair host = keys();
    private final KeyPair reader = keys();
    private TestRepository repository;
    private SshServer server;

    @BeforeEach
    void start() throws Exception {
        repository = TestRepository.create(folder.resolve("origin"));
        repository.commit(Map.of("a.md", "words"));
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals("git") && KeyUtils.compareKeys(key, reader.getPublic()));
        server.setCommandFactory((channel, command) -> new Uploading(folder.resolve("origin")));
        server.start();
        secret(reader, host);
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(true);
        repository.close();
    }

    @Test
    void readsWithTheKeyOfTheMount() throws Exception {
        try (var source = open()) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            assertThat(Listed.content(source, entries.getFirst()).read())
                    .asString()
                    .isEqualTo("words");
        }
    }

    @Test
    void talksToNoHostWhoseKeyIsNotKnown() throws Exception {
        secret(reader, keys());
        fails().hasMessageContaining("known_hosts");
        Files.writeString(folder.resolve("login/known_hosts"), "");
        fails().hasMessageContaining("known_hosts");
    }

    @Test
    void saysWhenItsKeyIsRefused() throws Exception {
        secret(keys(), host);
        fails().hasMessageContaining("refuses the access");
    }

    @Test
    void saysThatAHostHasNoAddress() {
        fails("gone.invalid", 22, FailureReason.SourceUnreachable)
                .hasMessageContaining("gone.invalid:22/docs.git can't be reached: no address for the host name")
                .hasMessageContaining("nothing was changed");
    }

    /** While keys are exchanged, and in the middle of a pack. */
    @ParameterizedTest
    @ValueSource(ints = {500, 100_000})
    void takesNothingFromAConnectionThatIsDropped(int bytes) throws Exception {
        var noise = new Random(1)
                .ints(300_000, 'A', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        repository.commit(Map.of("a.md", "words", "large.md", noise));
        try (var proxy = CuttingProxy.before(server.getPort())) {
            secret(reader, host, proxy.port());
            proxy.cutAfter(bytes);
            fails("127.0.0.1", proxy.port(), FailureReason.SourceUnreachable)
                    .hasMessageContaining("can't be reached")
                    .hasMessageContaining("nothing was changed");
            assertThat(proxy.cuts()).isPositive();
            proxy.mend();
            try (var source = open("127.0.0.1", proxy.port())) {
                var entries = Listed.of(source).entries();
                source.fetch(entries.iterator());
                assertThat(Listed.text(source, entries.getLast())).isEqualTo(noise);
            }
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> fails() {
        return fails("127.0.0.1", server.getPort(), FailureReason.SourceUnauthorized);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> fails(String name, int port, FailureReason reason) {
        return assertThatThrownBy(() -> {
                    try (var source = open(name, port)) {
                        Listed.of(source);
                    }
                })
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private Source open() {
        return open("127.0.0.1", server.getPort());
    }

    private Source open(String name, int port) {
        var url = "ssh://git@" + name + ":" + port + "/docs.git";
        var git = new SourceManifest.Git(url, "main", "login", null);
        return Sources.open(
                new SourceManifest("docs", git, List.of(), List.of(), null, null),
                new Reading(folder::resolve, folder.resolve("work"), 1 << 20, path -> false));
    }

    private void secret(KeyPair key, KeyPair known) throws Exception {
        secret(key, known, server.getPort());
    }

    private void secret(KeyPair key, KeyPair known, int port) throws Exception {
        var login = Files.createDirectories(folder.resolve("login"));
        try (var out = Files.newOutputStream(login.resolve("ssh-privatekey"))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "test", null, out);
        }
        Files.writeString(
                login.resolve("known_hosts"),
                "[127.0.0.1]:%d %s%n".formatted(port, PublicKeyEntry.toString(known.getPublic())),
                StandardCharsets.UTF_8);
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the server does when it is asked for {@code git-upload-pack}. */
    private static final class Uploading implements Command {
        private final Path folder;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private OutputStream err = OutputStream.nullOutputStream();
        private ExitCallback exit = (code, message, close) -> {};

        Uploading(Path folder) {
            this.folder = folder;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            Thread.ofVirtual().start(this::upload);
        }

        @Override
        public void destroy(ChannelSession channel) {}

        private void upload() {
            try (var served =
                    new FileRepositoryBuilder().setGitDir(folder.toFile()).build()) {
                new UploadPack(served).upload(in, out, err);
                exit.onExit(0);
            } catch (IOException e) {
                exit.onExit(1);
                throw new UncheckedIOException(e);
            }
        }
    }
}
