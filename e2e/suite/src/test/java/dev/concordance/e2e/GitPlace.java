package dev.concordance.e2e;

import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.manifest.SourceManifest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** A git repository over HTTP; each change is a commit. */
final class GitPlace implements Place {
    private static final String NAME = "handbook";

    /** More than the references take, and less than a commit with what nobody reads. */
    private static final int CUT = 60_000;

    private static final int NOISE = 200_000;

    private final DocumentRepository repository;
    private final GitServer server;
    private final CuttingProxy proxy;
    private final URI url;

    GitPlace(Path folder) {
        repository = DocumentRepository.create(folder.resolve("repository"));
        repository.write("README.md", "# Read me\n\nA handbook.\n").commit("A handbook");
        server = GitServer.start(0, repository.folder(), NAME, null);
        proxy = CuttingProxy.before(server.url().getPort());
        url = URI.create("http://127.0.0.1:" + proxy.port() + server.url().getPath());
    }

    @Override
    public String declaration() {
        return "git: {url: \"%s\", ref: main}".formatted(url);
    }

    @Override
    public SourceManifest.Location location() {
        return new SourceManifest.Git(url.toString(), "main", null, null);
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of();
    }

    @Override
    public boolean isWatched() {
        return false;
    }

    @Override
    public void write(String path, String text) {
        repository.write(path, text).commit("Write " + path);
    }

    @Override
    public void remove(String path) {
        repository.remove(path).commit("Remove " + path);
    }

    @Override
    public void rename(String from, String to, String text) {
        repository.move(from, to).commit("Rename %s to %s".formatted(from, to));
    }

    /** Breaks the pack off in which a commit comes. */
    @Override
    public void fail() {
        var noise = new Random(1)
                .ints(NOISE, 'A', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        repository.write("noise.bin", noise.toString()).commit("What nobody reads");
        proxy.cutAfter(CUT);
    }

    @Override
    public void recover() {
        Place.requireMet(proxy);
        proxy.mend();
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
        repository.close();
    }
}
