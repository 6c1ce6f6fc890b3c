package dev.concordance.e2e;

import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.manifest.SourceManifest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A git repository over HTTP; each change is a commit. */
final class GitPlace implements Place {
    private static final String NAME = "handbook";

    private final DocumentRepository repository;
    private final URI url;
    private GitServer server;

    GitPlace(Path folder) {
        repository = DocumentRepository.create(folder.resolve("repository"));
        repository.write("README.md", "# Read me\n\nA handbook.\n").commit("A handbook");
        server = GitServer.start(0, repository.folder(), NAME, null);
        url = server.url();
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
    public void fail() {
        server.close();
    }

    @Override
    public void recover() {
        server = GitServer.start(url.getPort(), repository.folder(), NAME, null);
    }

    @Override
    public void close() {
        server.close();
        repository.close();
    }
}
