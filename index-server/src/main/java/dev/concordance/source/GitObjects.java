package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.SystemReader;

/**
 * The objects of a repository that are here, and the means to bring more of them. A host that can is asked for folders
 * first and for single files later; from others a commit comes as a whole.
 */
final class GitObjects implements AutoCloseable {
    private static final int WANTED_AT_ONCE = 5_000;
    /** Larger files are streamed, so that one that will be refused costs no memory. */
    private static final int STREAMED_FROM = 4 << 20;

    private final Repository repository;
    private final GitHost host;
    private final Path folder;
    private ObjectId commit = ObjectId.zeroId();

    static {
        SystemReader.setInstance(new NoSettings(SystemReader.getInstance()));
        var cache = new WindowCacheConfig();
        cache.setStreamFileThreshold(STREAMED_FROM);
        cache.install();
    }

    private GitObjects(Repository repository, GitHost host, Path folder) {
        this.repository = repository;
        this.host = host;
        this.folder = folder;
    }

    /** @param stop throws if nothing more shall be brought */
    static GitObjects open(Path folder, SourceManifest.Git git, GitRemote remote, Runnable stop) throws IOException {
        var repository = new FileRepositoryBuilder()
                .setGitDir(folder.resolve("repository.git").toFile())
                .setBare()
                .build();
        if (!repository.getObjectDatabase().exists()) {
            repository.create(true);
        }
        return new GitObjects(repository, new GitHost(git, remote, repository, stop), folder);
    }

    Repository repository() {
        return repository;
    }

    Map<String, Ref> references() throws IOException {
        return host.references();
    }

    /** Brings a commit with its folders; false if the host doesn't have it. */
    boolean bring(ObjectId wanted) throws IOException {
        commit = wanted;
        if (has(wanted)) {
            return true;
        }
        try {
            host.fetchWithoutFiles(wanted);
        } catch (IOException notFiltered) {
            bringWhole();
        }
        return has(wanted);
    }

    /** Brings files of the commit that are not here yet. */
    void bring(Collection<ObjectId> files) throws IOException {
        var missing = missing(files);
        try {
            for (var from = 0; from < missing.size(); from += WANTED_AT_ONCE) {
                host.fetch(missing.subList(from, Math.min(missing.size(), from + WANTED_AT_ONCE)));
            }
        } catch (IOException notGiven) {
            host.fetchWhole(commit);
        }
        var left = missing(missing);
        if (!left.isEmpty()) {
            throw new IOException(
                    "the host gave %d of %d files".formatted(missing.size() - left.size(), missing.size()));
        }
    }

    Content content(ObjectId file, long maxBytes) {
        return new BlobContent(repository, file, maxBytes);
    }

    /** A copy of a file outside of the object store, which can't be read from the middle. */
    Path copy(ObjectId file) throws IOException {
        var copy = folder.resolve("blob-" + file.name());
        if (!Files.exists(copy)) {
            var partial = folder.resolve("blob-" + file.name() + ".part");
            try (var out = Files.newOutputStream(partial)) {
                repository.open(file).copyTo(out);
            }
            Files.move(partial, copy);
        }
        return copy;
    }

    @Override
    public void close() {
        repository.close();
    }

    /** A commit that no reference points to is given by some hosts only with the history of all branches. */
    private void bringWhole() throws IOException {
        try {
            host.fetchWhole(commit);
        } catch (IOException notOffered) {
            var branches = host.references().values().stream()
                    .filter(ref -> ref.getName().startsWith(Constants.R_HEADS))
                    .map(Ref::getObjectId)
                    .toList();
            if (branches.contains(commit)) {
                throw notOffered;
            }
            host.fetch(branches);
        }
    }

    private List<ObjectId> missing(Collection<ObjectId> files) throws IOException {
        try (var reader = repository.newObjectReader()) {
            var missing = new java.util.LinkedHashSet<ObjectId>();
            for (var file : files) {
                if (!reader.has(file)) {
                    missing.add(file);
                }
            }
            return List.copyOf(missing);
        }
    }

    private boolean has(ObjectId object) throws IOException {
        return repository.getObjectDatabase().has(object);
    }

    private record BlobContent(Repository repository, ObjectId object, long maxBytes) implements Content {
        @Override
        public long size() throws IOException {
            try (var reader = repository.newObjectReader()) {
                return reader.getObjectSize(object, Constants.OBJ_BLOB);
            }
        }

        @Override
        public byte[] read() throws IOException {
            var size = size();
            if (size > maxBytes) {
                throw new OversizedContent(size, maxBytes);
            }
            return repository.open(object, Constants.OBJ_BLOB).getCachedBytes((int) maxBytes);
        }
    }
}
