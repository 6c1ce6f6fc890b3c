package dev.concordance.replay;

import dev.concordance.testing.RealCorpora;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The commits of a documentation, and a branch that is pointed to one after the other: a real history where the data folder
 * has one, else a made-up one.
 */
final class History implements AutoCloseable {
    static final String BRANCH = "live";

    private static final String BASE = "refs/tags/base";
    private static final PersonIdent AUTHOR = new PersonIdent("t", "t@example.org", Instant.EPOCH, ZoneOffset.UTC);
    private static final int PAGES = 14;

    private final Git git;

    private History(Git git) {
        this.git = git;
    }

    /** Brings it to a new folder. */
    static History in(Path folder, int madeUpCommits) throws GitAPIException, IOException {
        for (var data : RealCorpora.folder("replay-knative-docs")) {
            var bundle = data.resolve("replay.bundle");
            if (Files.exists(bundle)) {
                return new History(Git.cloneRepository()
                        .setURI(bundle.toUri().toString())
                        .setBranch("main")
                        .setBare(true)
                        .setDirectory(folder.toFile())
                        .call());
            }
        }
        var git = Git.init()
                .setBare(true)
                .setInitialBranch("main")
                .setDirectory(folder.toFile())
                .call();
        makeUp(git.getRepository(), madeUpCommits);
        return new History(git);
    }

    Path folder() {
        return git.getRepository().getDirectory().toPath();
    }

    /** The commit {@code base} and all of {@code main} after it, oldest first. */
    List<ObjectId> commits() throws GitAPIException, IOException {
        var repository = git.getRepository();
        var base = repository.resolve(BASE + "^{commit}");
        var commits = new ArrayList<ObjectId>();
        for (RevCommit commit :
                git.log().add(repository.resolve("refs/heads/main")).not(base).call()) {
            commits.addFirst(commit.getId());
        }
        commits.addFirst(base);
        return commits;
    }

    /** Points {@link #BRANCH} to a commit, as a push does. */
    void point(ObjectId commit) throws IOException {
        point(git.getRepository(), Constants.R_HEADS + BRANCH, commit);
    }

    /** The files of a commit whose names end in one of these ways, by their paths. */
    Map<String, ObjectId> files(ObjectId commit, List<String> endings) throws IOException {
        var files = new TreeMap<String, ObjectId>();
        try (var walk = new TreeWalk(git.getRepository())) {
            walk.addTree(git.getRepository().resolve(commit.name() + "^{tree}"));
            walk.setRecursive(true);
            while (walk.next()) {
                var path = walk.getPathString();
                var mode = walk.getFileMode(0);
                var isFile = mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
                if (isFile && endings.stream().anyMatch(path::endsWith)) {
                    files.put(path, walk.getObjectId(0));
                }
            }
        }
        return files;
    }

    /** What a file holds. */
    byte[] read(ObjectId file) {
        try {
            return git.getRepository().open(file).getBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        git.close();
    }

    /** Pages are changed, added, removed, moved, and come back as they were. */
    private static void makeUp(Repository repository, int commits) throws IOException {
        var random = new Random(7);
        var pages = new TreeMap<String, String>();
        for (var page = 0; page < PAGES; page++) {
            pages.put("docs/page-" + page + ".md", text(random));
        }
        point(repository, BASE, commit(repository, pages));
        var removed = "";
        for (var number = 0; number < commits; number++) {
            var paths = List.copyOf(pages.keySet());
            var victim = paths.get(random.nextInt(paths.size()));
            switch (number % 5) {
                case 0 -> pages.put(victim, text(random));
                case 1 -> pages.put("docs/new-" + number + ".md", text(random));
                case 2 -> removed = pages.remove(victim);
                case 3 -> pages.put("docs/moved-" + number + ".md", pages.remove(victim));
                default -> pages.put("docs/again-" + number + ".md", removed);
            }
            commit(repository, pages);
        }
    }

    private static String text(Random random) {
        var text = new StringBuilder("# Page " + random.nextInt(1_000) + "\n\n");
        for (var section = 0; section < 1 + random.nextInt(5); section++) {
            text.append("## Section ").append(random.nextInt(100)).append("\n\n");
            for (var word = 0; word < 20 + random.nextInt(400); word++) {
                text.append("word").append(random.nextInt(500)).append(word % 12 == 11 ? ".\n" : " ");
            }
            text.append("\n\n");
        }
        return text.toString();
    }

    private static ObjectId commit(Repository repository, Map<String, String> pages) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var index = DirCache.newInCore();
            var builder = index.builder();
            for (var page : pages.entrySet()) {
                var entry = new DirCacheEntry(page.getKey());
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(
                        inserter.insert(Constants.OBJ_BLOB, page.getValue().getBytes(StandardCharsets.UTF_8)));
                builder.add(entry);
            }
            builder.finish();
            var commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setAuthor(AUTHOR);
            commit.setCommitter(AUTHOR);
            commit.setMessage("t");
            var head = repository.resolve("refs/heads/main");
            if (head != null) {
                commit.setParentId(head);
            }
            var id = inserter.insert(commit);
            inserter.flush();
            point(repository, "refs/heads/main", id);
            return id;
        }
    }

    private static void point(Repository repository, String reference, ObjectId commit) throws IOException {
        var update = repository.updateRef(reference);
        update.setNewObjectId(commit);
        switch (update.forceUpdate()) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            default -> throw new IllegalStateException("moving " + reference + " to " + commit.name());
        }
    }
}
