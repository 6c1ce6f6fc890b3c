package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.SourceManifest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** After each commit of a history, a corpus that was synced all along holds what a build from nothing holds. */
@Execution(ExecutionMode.CONCURRENT)
class ReplayIT {
    private static final String CORPUS = "replayed";
    private static final String BRANCH = "live";
    private static final List<String> INCLUDE = List.of("**/*.md", "**/*.adoc", "**/*.yaml", "**/*.txt", "**/*.html");
    /** How many commits of the real history are replayed; 0: a made-up one is. */
    private static final int COMMITS = Integer.getInteger("concordance.replay.commits", 0);

    private static final int MADE_UP_COMMITS = 4;

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("replay");

    @TempDir
    private Path folder;

    @Test
    void holdsAfterEachCommitWhatAFreshBuildHolds() {
        try (var repository = history();
                var git = GitServer.start(0, repository.folder(), CORPUS, null)) {
            var commits = repository.commitsAfter("base");
            repository.point(BRANCH, "base");
            declare(git.url());
            var fresh = freshBuild(git.url());
            for (var commit : COMMITS == 0 ? commits : commits.subList(0, Math.min(COMMITS, commits.size()))) {
                repository.point(BRANCH, commit);
                sync("at-" + commit.substring(0, 12));
                assertThat(cluster.indexed(namespace, CORPUS).documents())
                        .as("after commit %s", commit)
                        .isEqualTo(fresh.next().documents());
            }
        }
    }

    private void declare(URI repository) {
        cluster.apply(Manifests.corpus(
                namespace,
                CORPUS,
                """
                git: {url: "%s", ref: %s}
                include: ["%s"]
                """.formatted(repository, BRANCH, String.join("\", \"", INCLUDE)),
                "freshness: {maxStaleness: 1d}\ndeletionGuard: {maxPercent: 100}"));
        cluster.awaitReady("corpus", namespace, CORPUS);
    }

    private FreshBuild freshBuild(URI repository) {
        return new FreshBuild(
                cluster.local().elasticsearchUrl(),
                new IndexNames("fresh", namespace, CORPUS),
                new SourceManifest(
                        "site",
                        new SourceManifest.Git(repository.toString(), BRANCH, null, null),
                        INCLUDE,
                        List.of(),
                        null,
                        null),
                new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
                BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                Map.of(),
                folder.resolve("fresh"));
    }

    private void sync(String run) {
        cluster.apply(Manifests.ingestionRun(namespace, run, CORPUS));
        cluster.awaitReady("ingestionrun", namespace, run);
    }

    /** A short, made-up one unless commits of the real one are asked for: its first build alone takes a minute. */
    private DocumentRepository history() {
        return COMMITS == 0
                ? madeUp(folder.resolve("history"))
                : DocumentRepository.clone(
                        Path.of(System.getProperty("concordance.data"), "replay-knative-docs", "replay.bundle"),
                        folder.resolve("history"));
    }

    private static DocumentRepository madeUp(Path folder) {
        var random = new Random(7);
        var repository = DocumentRepository.create(folder);
        var pages = new ArrayList<String>();
        for (var page = 0; page < 12; page++) {
            pages.add("page-" + page + ".md");
            repository.write(pages.getLast(), text(random));
        }
        repository.commit("base");
        repository.tag("base");
        for (var commit = 0; commit < MADE_UP_COMMITS; commit++) {
            var victim = pages.get(random.nextInt(pages.size()));
            switch (commit % 4) {
                case 0 -> repository.write(victim, text(random));
                case 1 -> repository.write("new-" + commit + ".md", text(random));
                case 2 -> {
                    repository.remove(victim);
                    pages.remove(victim);
                }
                default -> {
                    repository.move(victim, "moved-" + commit + ".md");
                    pages.remove(victim);
                }
            }
            repository.commit("commit " + commit);
        }
        return repository;
    }

    private static String text(Random random) {
        var text = new StringBuilder("# Page " + random.nextInt(1_000) + "\n\n");
        for (var section = 0; section < 1 + random.nextInt(4); section++) {
            text.append("## Section ").append(random.nextInt(100)).append("\n\n");
            for (var word = 0; word < 20 + random.nextInt(400); word++) {
                text.append("word").append(random.nextInt(500)).append(word % 12 == 11 ? ".\n" : " ");
            }
            text.append("\n\n");
        }
        return text.toString();
    }
}
