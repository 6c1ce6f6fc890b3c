package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** A git repository: one commit of it, fetched without history and never checked out. */
final class GitSource implements Source {
    private static final String FETCHED = "refs/concordance/fetched";
    private static final int TIMEOUT_SECONDS = 60;
    private static final int LONGEST_LINK = 4096;

    private final SourceManifest source;
    private final SourceManifest.Git git;
    private final GitRemote remote;
    private final Path folder;
    private final long maxBytes;
    private final Selection selection;
    private @Nullable Repository repository;

    GitSource(SourceManifest source, SourceManifest.Git git, @Nullable Path credentials, Path folder, long maxBytes) {
        this.source = source;
        this.git = git;
        this.remote = new GitRemote(git, credentials, folder);
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.selection = new Selection(source);
    }

    @Override
    public Listing list() {
        try {
            Files.createDirectories(folder);
            var commit = resolve();
            var fetched = repository();
            fetch(fetched, commit);
            return new Listing(commit.name(), entries(fetched, commit));
        } catch (GitAPIException e) {
            throw GitFailures.explained(source.name(), git, e);
        } catch (IOException e) {
            throw new SourceException(
                    FailureReason.SourceUnreachable, "source %s: %s".formatted(source.name(), e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        if (repository != null) {
            repository.close();
        }
    }

    private ObjectId resolve() throws GitAPIException, IOException {
        var refs = configured(Git.lsRemoteRepository().setRemote(git.url())).callAsMap();
        if (refs.isEmpty()) {
            throw new SourceException(
                    FailureReason.SourceEmpty,
                    "source %s: the repository %s has no commits yet, so nothing was changed"
                            .formatted(source.name(), git.url()));
        }
        for (var name : new String[] {git.ref(), "refs/heads/" + git.ref(), "refs/tags/" + git.ref()}) {
            var ref = refs.get(name);
            if (ref != null) {
                return peeled(refs, ref);
            }
        }
        if (ObjectId.isId(git.ref())) {
            return ObjectId.fromString(git.ref());
        }
        throw new SourceException(
                FailureReason.SourceRefNotFound,
                "source %s: %s has no branch or tag %s, so nothing was changed; it has %s"
                        .formatted(source.name(), git.url(), git.ref(), branches(refs)));
    }

    private static ObjectId peeled(Map<String, Ref> refs, Ref ref) {
        var tagged = refs.get(ref.getName() + "^{}");
        var peeled = tagged == null ? ref.getPeeledObjectId() : tagged.getObjectId();
        return Objects.requireNonNull(peeled == null ? ref.getObjectId() : peeled, "a listed reference has an object");
    }

    private static String branches(Map<String, Ref> refs) {
        return refs.keySet().stream()
                .filter(name -> name.startsWith("refs/heads/"))
                .map(name -> name.substring("refs/heads/".length()))
                .limit(10)
                .collect(Collectors.joining(", "));
    }

    private Repository repository() throws IOException {
        if (repository == null) {
            repository = new FileRepositoryBuilder()
                    .setGitDir(folder.resolve("repository.git").toFile())
                    .setBare()
                    .build();
            if (!repository.getObjectDatabase().exists()) {
                repository.create(true);
            }
        }
        return repository;
    }

    private void fetch(Repository into, ObjectId commit) throws GitAPIException, IOException {
        if (into.getObjectDatabase().has(commit)) {
            return;
        }
        try {
            fetch(into, new RefSpec(commit.name() + ":" + FETCHED).setForceUpdate(true), 1);
        } catch (GitAPIException notOffered) {
            // A commit that is not the tip of anything: some servers give it only with the branches' history.
            fetch(into, new RefSpec("+refs/heads/*:refs/concordance/heads/*"), Integer.MAX_VALUE);
        }
        if (!into.getObjectDatabase().has(commit)) {
            throw new SourceException(
                    FailureReason.SourceRefNotFound,
                    "source %s: %s has no commit %s".formatted(source.name(), git.url(), commit.name()));
        }
    }

    private void fetch(Repository into, RefSpec refs, int depth) throws GitAPIException {
        try (var command = new Git(into)) {
            configured(command.fetch().setRemote(git.url()).setRefSpecs(refs).setDepth(depth))
                    .call();
        }
    }

    private <C extends TransportCommand<C, ?>> C configured(C command) throws GitAPIException {
        try {
            return command.setTimeout(TIMEOUT_SECONDS)
                    .setCredentialsProvider(remote.credentials())
                    .setTransportConfigCallback(remote.transport());
        } catch (IOException e) {
            throw new SourceException(
                    FailureReason.SourceUnauthorized,
                    "source %s: the credentials Secret needs the key token, or username and password, or ssh-privatekey and known_hosts"
                            .formatted(source.name()),
                    e);
        }
    }

    private List<Entry> entries(Repository fetched, ObjectId commit) throws IOException {
        var collected = new Collected();
        try (var commits = new RevWalk(fetched);
                var tree = new TreeWalk(fetched)) {
            tree.addTree(commits.parseCommit(commit).getTree());
            tree.setRecursive(true);
            while (tree.next()) {
                if (selection.takes(tree.getPathString())) {
                    add(collected, fetched, tree);
                }
            }
        }
        return collected.entries(source.name());
    }

    private void add(Collected collected, Repository fetched, TreeWalk tree) throws IOException {
        var path = tree.getPathString();
        var blob = tree.getObjectId(0);
        var mode = tree.getFileMode(0);
        if (mode.equals(FileMode.SYMLINK)) {
            var target = new String(fetched.open(blob).getBytes(LONGEST_LINK), java.nio.charset.StandardCharsets.UTF_8);
            if (leaves(path, target)) {
                collected.refuse(
                        path,
                        blob.name(),
                        QuarantineReason.OutsideSource,
                        "the link leads out of the repository and is not followed: exclude it");
            }
            return;
        }
        if (!mode.equals(FileMode.REGULAR_FILE) && !mode.equals(FileMode.EXECUTABLE_FILE)) {
            return;
        }
        var size = fetched.open(blob).getSize();
        var jsonl = source.jsonl();
        if (jsonl != null && JsonLinesFile.isOne(path)) {
            new JsonLinesFile(copy(fetched, blob), path, jsonl, maxBytes).list(collected);
        } else if (size > maxBytes) {
            collected.refuse(
                    path,
                    blob.name(),
                    QuarantineReason.TooLarge,
                    "it has %d bytes, more than the %d of limits.maxDocumentSize: divide it, exclude it or raise the limit"
                            .formatted(size, maxBytes));
        } else {
            collected.add(
                    new Entry.File(
                            path, blob.name(), size, () -> fetched.open(blob).getBytes()),
                    path);
        }
    }

    private static boolean leaves(String path, String target) {
        var root = Path.of("/root");
        return target.startsWith("/")
                || !root.resolve(path).resolveSibling(target).normalize().startsWith(root);
    }

    /** Lines are read by offset, which a packed object doesn't allow. */
    private Path copy(Repository fetched, ObjectId blob) throws IOException {
        var copy = folder.resolve("blob-" + blob.name());
        if (!Files.exists(copy)) {
            var partial = folder.resolve("blob-" + blob.name() + ".part");
            try (var out = Files.newOutputStream(partial)) {
                fetched.open(blob).copyTo(out);
            }
            Files.move(partial, copy);
        }
        return copy;
    }
}
