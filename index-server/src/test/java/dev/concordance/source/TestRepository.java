package dev.concordance.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** A bare repository whose branch main is written object by object, so that it may hold what no work tree would. */
final class TestRepository implements AutoCloseable {
    private static final PersonIdent AUTHOR = new PersonIdent("t", "t@example.org", Instant.EPOCH, ZoneOffset.UTC);

    private record Leaf(FileMode mode, ObjectId object, byte @Nullable [] path) {
        Leaf(FileMode mode, ObjectId object) {
            this(mode, object, null);
        }
    }

    private final Repository repository;
    private final TreeMap<String, Leaf> leaves = new TreeMap<>();

    private TestRepository(Repository repository) {
        this.repository = repository;
    }

    static TestRepository create(Path folder) throws Exception {
        var repository = Git.init()
                .setBare(true)
                .setInitialBranch("main")
                .setDirectory(folder.toFile())
                .call()
                .getRepository();
        return new TestRepository(repository);
    }

    /** Sets a flag of the section {@code uploadpack}. */
    void allow(String flag) throws IOException {
        repository.getConfig().setBoolean("uploadpack", null, flag, true);
        repository.getConfig().save();
    }

    ObjectId commit(Map<String, String> files) throws IOException {
        for (var file : files.entrySet()) {
            leaves.put(file.getKey(), new Leaf(FileMode.REGULAR_FILE, insert(file.getValue())));
        }
        return commit();
    }

    void remove(String path) throws IOException {
        leaves.remove(path);
        commit();
    }

    /** Puts a commit without a past in the place of the branch, as a forced push does, and forgets the one before. */
    ObjectId replace(Map<String, String> files) throws IOException {
        var name = Objects.requireNonNull(repository.resolve("refs/heads/main")).name();
        var removed = repository.updateRef("refs/heads/main");
        removed.setForceUpdate(true);
        removed.delete();
        leaves.clear();
        var commit = commit(files);
        Files.delete(repository
                .getDirectory()
                .toPath()
                .resolve("objects/%s/%s".formatted(name.substring(0, 2), name.substring(2))));
        return commit;
    }

    /** Commits a file whose path is these bytes, which needn't be characters. */
    void commitNamed(byte[] path, String text) throws IOException {
        // Beside a file whose path reads alike.
        leaves.put(
                "bytes " + new String(path, StandardCharsets.ISO_8859_1),
                new Leaf(FileMode.REGULAR_FILE, insert(text), path));
        commit();
    }

    void link(String path, String target) throws IOException {
        leaves.put(path, new Leaf(FileMode.SYMLINK, insert(target)));
        commit();
    }

    void submodule(String path) throws IOException {
        leaves.put(path, new Leaf(FileMode.GITLINK, ObjectId.fromString("1".repeat(40))));
        commit();
    }

    void tag(String name) throws Exception {
        try (var git = new Git(repository)) {
            git.tag()
                    .setName(name)
                    .setAnnotated(true)
                    .setTagger(AUTHOR)
                    .setMessage("t")
                    .call();
        }
    }

    /** The id that a file with this text has. */
    ObjectId blob(String text) {
        try (var formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        repository.close();
    }

    private ObjectId insert(String text) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var id = inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
            inserter.flush();
            return id;
        }
    }

    private ObjectId commit() throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var commit = new CommitBuilder();
            commit.setTreeId(tree(inserter, leaves));
            commit.setAuthor(AUTHOR);
            commit.setCommitter(AUTHOR);
            commit.setMessage("t");
            var head = repository.resolve("refs/heads/main");
            if (head != null) {
                commit.setParentId(head);
            }
            var id = inserter.insert(commit);
            inserter.flush();
            var update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(id);
            update.forceUpdate();
            return id;
        }
    }

    private static ObjectId tree(ObjectInserter inserter, Map<String, Leaf> leaves) throws IOException {
        var index = DirCache.newInCore();
        var builder = index.builder();
        for (var leaf : leaves.entrySet()) {
            var entry = leaf.getValue().path() == null
                    ? new DirCacheEntry(leaf.getKey())
                    : new DirCacheEntry(leaf.getValue().path());
            entry.setFileMode(leaf.getValue().mode());
            entry.setObjectId(leaf.getValue().object());
            builder.add(entry);
        }
        builder.finish();
        return index.writeTree(inserter);
    }
}
