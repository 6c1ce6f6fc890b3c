package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** A git repository: one commit of it, never checked out. Files are fetched when their documents are to be read. */
final class GitSource implements Source {
    private static final int LONGEST_LINK = 4096;

    private final SourceManifest source;
    private final SourceManifest.Git git;
    private final GitRemote remote;
    private final Path folder;
    private final Reading reading;
    private final Selection selection;
    private @Nullable GitObjects objects;

    /** A path of the commit that is selected. */
    private record Selected(String path, ObjectId object, FileMode mode) {
        boolean isFile() {
            return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
        }
    }

    GitSource(SourceManifest source, SourceManifest.Git git, GitRemote remote, Path folder, Reading reading) {
        this.source = source;
        this.git = git;
        this.remote = remote;
        this.folder = folder;
        this.reading = reading;
        this.selection = new Selection(source);
    }

    @Override
    public Listing list(Spools spools) {
        return list(spools, Before.nothing(spools));
    }

    @Override
    public Listing list(Spools spools, Before before) {
        remote.check(source.name());
        try {
            Files.createDirectories(folder);
            var opened = GitObjects.open(folder, git, remote, before.stop());
            objects = opened;
            var commit = resolve(opened.references());
            if (!opened.bring(commit)) {
                throw missing(commit);
            }
            return entries(opened, commit, spools).listing(commit.name());
        } catch (IOException e) {
            throw GitFailures.explained(source.name(), git, e);
        }
    }

    /** A commit that its host has just named, and doesn't have any more, was replaced in between by a forced push. */
    private SourceException missing(ObjectId commit) {
        return ObjectId.isId(git.ref())
                ? new SourceException(
                        FailureReason.SourceRefNotFound,
                        "source %s: %s has no commit %s, so nothing was changed: correct git.ref"
                                .formatted(source.name(), git.url(), commit.name()))
                : SourceException.of(
                        source.name(),
                        FailureReason.SourceUnreachable,
                        "%s doesn't give commit %s any more, at which %s was when it was asked: it has moved meanwhile"
                                .formatted(git.url(), commit.name(), git.ref()),
                        null);
    }

    @Override
    public void fetch(Iterator<Entry> entries) {
        try {
            var files = new ArrayList<ObjectId>();
            while (entries.hasNext()) {
                if (entries.next() instanceof Entry.File file) {
                    files.add(ObjectId.fromString(file.changeKey()));
                }
            }
            listed().bring(files);
        } catch (IOException e) {
            throw GitFailures.explained(source.name(), git, e);
        }
    }

    @Override
    public Content content(Entry.Stored file) {
        return listed().content(ObjectId.fromString(file.changeKey()), reading.maxBytes());
    }

    @Override
    public void close() {
        if (objects != null) {
            objects.close();
        }
        remote.close();
    }

    private GitObjects listed() {
        return Objects.requireNonNull(objects, "the source has been listed");
    }

    private ObjectId resolve(Map<String, Ref> refs) {
        if (refs.isEmpty()) {
            throw new SourceException(
                    FailureReason.SourceEmpty,
                    "source %s: the repository %s has no commits yet, so nothing was changed"
                            .formatted(source.name(), git.url()));
        }
        for (var name : new String[] {git.ref(), "refs/heads/" + git.ref(), "refs/tags/" + git.ref()}) {
            var ref = refs.get(name);
            if (ref != null) {
                return Objects.requireNonNull(
                        ref.getPeeledObjectId() == null ? ref.getObjectId() : ref.getPeeledObjectId(),
                        "a listed reference has an object");
            }
        }
        if (ObjectId.isId(git.ref())) {
            return ObjectId.fromString(git.ref());
        }
        throw new SourceException(
                FailureReason.SourceRefNotFound,
                "source %s: %s has no branch or tag %s, so nothing was changed: correct git.ref; it has %s"
                        .formatted(source.name(), git.url(), git.ref(), branches(refs)));
    }

    private static String branches(Map<String, Ref> refs) {
        return refs.keySet().stream()
                .filter(name -> name.startsWith("refs/heads/"))
                .map(name -> name.substring("refs/heads/".length()))
                .sorted()
                .limit(10)
                .collect(Collectors.joining(", "));
    }

    private Collected entries(GitObjects fetched, ObjectId commit, Spools spools) throws IOException {
        var collected = new Collected(source, reading, spools);
        var selected = selected(fetched.repository(), commit);
        fetched.bring(selected.stream()
                .filter(file -> file.mode().equals(FileMode.SYMLINK) || isReadAtOnce(file))
                .map(Selected::object)
                .toList());
        for (var file : selected) {
            add(collected, fetched, file);
        }
        return collected;
    }

    private List<Selected> selected(Repository fetched, ObjectId commit) throws IOException {
        var selected = new ArrayList<Selected>();
        try (var commits = new RevWalk(fetched);
                var tree = new TreeWalk(fetched)) {
            tree.addTree(commits.parseCommit(commit).getTree());
            tree.setRecursive(true);
            while (tree.next()) {
                if (selection.takes(tree.getPathString())) {
                    selected.add(new Selected(tree.getPathString(), tree.getObjectId(0), tree.getFileMode(0)));
                }
            }
        }
        return selected;
    }

    private void add(Collected collected, GitObjects fetched, Selected file) throws IOException {
        if (file.mode().equals(FileMode.SYMLINK)) {
            addLink(collected, fetched, file);
        } else if (file.mode().equals(FileMode.GITLINK)) {
            collected.refuse(
                    file.path(),
                    file.object().name(),
                    QuarantineReason.Submodule,
                    "the folder is a submodule, whose files are not read: declare its repository as a source of its own, or exclude it");
        } else if (file.isFile()) {
            collected.add(new Blob(file, fetched));
        } else {
            collected.passOver();
        }
    }

    private final class Blob implements FoundFile {
        private final Selected file;
        private final GitObjects fetched;

        Blob(Selected file, GitObjects fetched) {
            this.file = file;
            this.fetched = fetched;
        }

        @Override
        public String name() {
            return file.path();
        }

        /** A commit doesn't tell. */
        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }

        @Override
        public String changeKey() {
            return file.object().name();
        }

        /** A commit has the time at which it was made, which may be long before it is pushed. */
        @Override
        public @Nullable Instant changedAt() {
            return null;
        }

        @Override
        public Path local() throws IOException {
            return fetched.copy(file.object());
        }
    }

    private boolean isReadAtOnce(Selected file) {
        return file.isFile()
                && (selection.isAccessFile(file.path()) || source.jsonl() != null && JsonLinesFile.isOne(file.path()));
    }

    /** What a link inside the repository points to is listed under its own path. */
    private static void addLink(Collected collected, GitObjects fetched, Selected link) throws IOException {
        var size = fetched.content(link.object(), LONGEST_LINK).size();
        var leaves = size > LONGEST_LINK
                || leaves(link.path(), fetched.repository().open(link.object()).getBytes());
        if (leaves) {
            collected.refuse(
                    link.path(),
                    link.object().name(),
                    QuarantineReason.OutsideSource,
                    "the link leads out of the repository and is not followed: exclude it");
        } else {
            collected.passOver();
        }
    }

    /** By its characters: not every path of a repository is one of this machine. */
    private static boolean isAboveTheRoot(String path) {
        var depth = 0;
        for (var name : path.split("/", -1)) {
            depth += switch (name) {
                case "", "." -> 0;
                case ".." -> -1;
                default -> 1;
            };
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean leaves(String path, byte[] target) {
        var to = new String(target, StandardCharsets.UTF_8);
        return to.startsWith("/")
                || to.indexOf(0) >= 0
                || isAboveTheRoot(path.substring(0, path.lastIndexOf('/') + 1) + to);
    }
}
