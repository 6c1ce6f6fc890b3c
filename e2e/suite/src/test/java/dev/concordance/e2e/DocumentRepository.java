package dev.concordance.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** A git repository of documents that a test edits as an author would. */
final class DocumentRepository implements AutoCloseable {
    private static final PersonIdent AUTHOR = new PersonIdent("An Author", "author@example.org");

    private final Git git;

    private DocumentRepository(Git git) {
        this.git = git;
    }

    /** A new, empty repository with a branch {@code main}. */
    static DocumentRepository create(Path folder) {
        try {
            return new DocumentRepository(Git.init()
                    .setDirectory(folder.toFile())
                    .setInitialBranch("main")
                    .call());
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A clone of a bundle's or repository's branch {@code main}. */
    static DocumentRepository clone(Path from, Path folder) {
        try {
            return new DocumentRepository(Git.cloneRepository()
                    .setURI(from.toUri().toString())
                    .setDirectory(folder.toFile())
                    .setBranch("main")
                    .call());
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    Path folder() {
        return git.getRepository().getWorkTree().toPath();
    }

    DocumentRepository write(String path, String text) {
        try {
            var file = folder().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DocumentRepository remove(String path) {
        try {
            Files.delete(folder().resolve(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DocumentRepository move(String from, String to) {
        try {
            Files.move(folder().resolve(from), folder().resolve(to));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names the commit that the work tree is at. */
    void tag(String name) {
        try {
            git.tag().setName(name).setAnnotated(false).setSigned(false).call();
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Commits the work tree as it is; gives the commit's id. */
    String commit(String message) {
        try {
            git.add().addFilepattern(".").call();
            git.add().addFilepattern(".").setUpdate(true).call();
            return git.commit()
                    .setAuthor(AUTHOR)
                    .setCommitter(AUTHOR)
                    .setMessage(message)
                    .setSign(false)
                    .call()
                    .getName();
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The commits of {@code main} after {@code tag}, oldest first. */
    List<String> commitsAfter(String tag) {
        try {
            var repository = git.getRepository();
            var commits = new java.util.ArrayList<String>();
            for (RevCommit commit : git.log()
                    .add(repository.resolve("refs/heads/main"))
                    .not(repository.resolve("refs/tags/" + tag + "^{commit}"))
                    .call()) {
                commits.addFirst(commit.getName());
            }
            return commits;
        } catch (GitAPIException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Points a branch to a commit, as a push to a server does; the work tree stays. */
    void point(String branch, String commit) {
        try {
            var update = git.getRepository().updateRef("refs/heads/" + branch);
            update.setNewObjectId(git.getRepository().resolve(commit + "^{commit}"));
            var result = update.forceUpdate();
            switch (result) {
                case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
                default -> throw new IllegalStateException("moving " + branch + ": " + result);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        git.close();
    }
}
