package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a repository's host. References are never stored here: each fetch names the objects it wants, and all
 * that they need comes with them.
 */
final class GitHost {
    private static final int TIMEOUT_SECONDS = 60;
    private static final String WITHOUT_FILES = "filter blob:none";

    private final SourceManifest.Git git;
    private final GitRemote remote;
    private final Repository local;
    private final Runnable stop;

    /** @param stop throws if nothing more shall be fetched */
    GitHost(SourceManifest.Git git, GitRemote remote, Repository local, Runnable stop) {
        this.git = git;
        this.remote = remote;
        this.local = local;
        this.stop = stop;
    }

    /** Asks again and again, as objects arrive, whether they are still wanted. What a monitor throws is taken for a failure of the host. */
    private static final class Wanted extends EmptyProgressMonitor {
        private final Runnable stop;
        private @Nullable RuntimeException stopped;

        Wanted(Runnable stop) {
            this.stop = stop;
        }

        @Override
        public boolean isCancelled() {
            try {
                stop.run();
                return false;
            } catch (RuntimeException e) {
                stopped = e;
                return true;
            }
        }

        void check() {
            if (stopped != null) {
                throw stopped;
            }
        }
    }

    /** All references by their full names. */
    Map<String, Ref> references() throws IOException {
        try (var transport = transport(FilterSpec.NO_FILTER, null);
                var connection = transport.openFetch()) {
            return Map.copyOf(connection.getRefsMap());
        }
    }

    /** Fetches a commit and its folders; throws if the host can't leave files out. */
    void fetchWithoutFiles(ObjectId commit) throws IOException {
        fetch(List.of(commit), FilterSpec.fromFilterLine(WITHOUT_FILES.substring("filter ".length())), 1);
    }

    /** Fetches a commit with all its files and without its history. */
    void fetchWhole(ObjectId commit) throws IOException {
        fetch(List.of(commit), FilterSpec.NO_FILTER, 1);
    }

    /** Fetches objects, which the host may refuse to those who can't name a reference to them. */
    void fetch(Collection<ObjectId> objects) throws IOException {
        fetch(objects, FilterSpec.NO_FILTER, null);
    }

    private void fetch(Collection<ObjectId> objects, FilterSpec filter, @Nullable Integer depth) throws IOException {
        var wanted = objects.stream().map(GitHost::unnamed).toList();
        var goesOn = new Wanted(stop);
        try (var transport = transport(filter, depth);
                var connection = transport.openFetch()) {
            connection.fetch(goesOn, wanted, Set.of());
        } finally {
            goesOn.check();
        }
    }

    private static Ref unnamed(ObjectId object) {
        return new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, object.name(), object);
    }

    private Transport transport(FilterSpec filter, @Nullable Integer depth) throws IOException {
        try {
            var transport = Transport.open(local, new URIish(git.url()));
            transport.setTimeout(TIMEOUT_SECONDS);
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setFilterSpec(filter);
            transport.setDepth(depth);
            remote.prepare(transport);
            return transport;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
