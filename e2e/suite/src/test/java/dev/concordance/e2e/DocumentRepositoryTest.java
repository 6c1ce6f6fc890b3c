package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentRepositoryTest {
    @Test
    void listsCommitsAfterATagOldestFirstAndPointsABranchToThem(@TempDir Path folder) throws GitAPIException {
        try (var repository = DocumentRepository.create(folder)) {
            repository.write("a.md", "one").commit("first");
            try (var git = Git.wrap(org.eclipse.jgit.storage.file.FileRepositoryBuilder.create(
                    folder.resolve(".git").toFile()))) {
                git.tag().setName("base").setSigned(false).call();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            var second = repository.write("b.md", "two").commit("second");
            var third = repository.remove("a.md").commit("third");

            assertThat(repository.commitsAfter("base")).containsExactly(second, third);

            repository.point("served", second);
            var served = Git.lsRemoteRepository()
                    .setRemote(folder.toUri().toString())
                    .callAsMap()
                    .get("refs/heads/served");
            assertThat(Objects.requireNonNull(Objects.requireNonNull(served).getObjectId())
                            .getName())
                    .isEqualTo(second);
        }
    }
}
