package dev.concordance.localcluster.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitServerTest {
    @TempDir
    private Path folder;

    private Path repository;

    @BeforeEach
    void commitAFile() throws IOException, GitAPIException {
        repository = folder.resolve("repository");
        try (var git = Git.init()
                .setDirectory(repository.toFile())
                .setInitialBranch("main")
                .call()) {
            commit(git, "first");
            commit(git, "second");
        }
    }

    @Test
    void servesTheNewestCommitWithoutHistory() throws GitAPIException {
        try (var server = GitServer.start(0, repository, "docs", null);
                var clone = Git.cloneRepository()
                        .setURI(server.url().toString())
                        .setDirectory(folder.resolve("clone").toFile())
                        .setDepth(1)
                        .call()) {
            assertThat(folder.resolve("clone/page.md")).hasContent("second");
            assertThat(clone.log().call()).hasSize(1);
        }
    }

    @Test
    void servesWhatIsCommittedLaterAndToTheCommandLineClient() throws Exception {
        try (var server = GitServer.start(0, repository, "docs", null)) {
            try (var git = Git.open(repository.toFile())) {
                commit(git, "third");
            }
            var clone = new ProcessBuilder(
                            "git",
                            "clone",
                            "-q",
                            "--depth",
                            "1",
                            server.url().toString(),
                            folder.resolve("clone").toString())
                    .inheritIO()
                    .start();
            assertThat(clone.waitFor()).isZero();
            assertThat(folder.resolve("clone/page.md")).hasContent("third");
        }
    }

    @Test
    void asksForCredentialsWhereItHasThem() throws GitAPIException {
        try (var server = GitServer.start(0, repository, "docs", new GitServer.Credentials("reader", "secret"))) {
            var url = server.url().toString();
            assertThatThrownBy(() -> Git.lsRemoteRepository().setRemote(url).call())
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("Authentication is required");
            assertThat(Git.lsRemoteRepository()
                            .setRemote(url)
                            .setCredentialsProvider(new UsernamePasswordCredentialsProvider("reader", "secret"))
                            .call())
                    .isNotEmpty();
        }
    }

    private static void commit(Git git, String text) throws IOException, GitAPIException {
        var worktree = git.getRepository().getWorkTree().toPath();
        Files.writeString(worktree.resolve("page.md"), text);
        git.add().addFilepattern(".").call();
        assertThat(git.commit()
                        .setAuthor("An Author", "author@example.org")
                        .setCommitter("An Author", "author@example.org")
                        .setMessage(text)
                        .setSign(false)
                        .call())
                .isNotNull();
    }
}
