package dev.concordance.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.chunking.Chunk;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A history, commit by commit, by the packaged worker on a git source, with a model that is paid for. Workers are killed (SIGKILL)
 * at drawn moments: as they list, read, embed, write and end. Some are followed by another try of the same run, some by the run of the next commit.
 */
class KilledReplayIT {
    private static final int COMMITS = Integer.getInteger("concordance.replay.commits", 8);
    private static final long SEED = Long.getLong("concordance.replay.seed", 280);
    private static final int CHECKPOINT = 20;
    private static final int COMMITS_A_KILL = 8;
    private static final String CORPUS = "replayed";
    private static final String SOURCE = "site";
    private static final List<String> ENDINGS = List.of(".md", ".adoc", ".yaml", ".txt", ".html");
    private static final Chunking CHUNKING = new Chunking.ByHeadings(256, 32, "{title} > {headings}");
    private static final int WORDS_ASKED = 12;

    private final Random random = new Random(SEED);
    private final Set<String> needed = new HashSet<>();
    private final Set<String> perhapsNeeded = new HashSet<>();
    private final Map<String, String> everSeen = new HashMap<>();
    private Map<String, List<Chunk>> indexed = Map.of();

    @TempDir
    private Path folder;

    @Test
    void holdsAfterEachCommitWhatAFreshBuildHoldsHoweverOftenWorkersAreKilled() throws Exception {
        try (var history = History.in(folder.resolve("history"), COMMITS);
                var git = GitServer.start(0, history.folder(), CORPUS, null);
                var model = EmbeddingEndpoint.start();
                var proxy = RecordingProxy.start(SharedNode.url())) {
            var manifest = manifest(model);
            var corpus = corpus(git.url(), "docs");
            corpus.create(manifest);
            var workers = new Workers(corpus.through(proxy.url()), manifest, proxy, model, folder.resolve("pods"));
            var commits = history.commits();
            var replayed = commits.subList(0, Math.min(COMMITS + 1, commits.size()));
            try (var embedder = Embedders.open(RemoteModels.openAi(model), ModelFiles.bundledOnly(), Purse.FREE);
                    var queries = EmbeddingEndpoint.start()) {
                var expectation = new Expectation(history, manifest, embedder.tokenizer());
                history.point(replayed.getFirst());
                workers.run("base");
                check(corpus, expectation.of(history.files(replayed.getFirst(), ENDINGS)), "base");
                try (var server = serve(corpus, queries);
                        var probe = RemovedPathsProbe.start(server, CORPUS, SEED)) {
                    for (var number = 1; number < replayed.size(); number++) {
                        var commit = replayed.get(number);
                        var expected = expectation.of(history.files(commit, ENDINGS));
                        history.point(commit);
                        begin(expected, probe);
                        if (!isLeftUndone(workers, number, number == replayed.size() - 1)) {
                            workers.run("at-" + number);
                            end(expected, probe);
                            check(corpus, expected, "commit %d, %s".formatted(number, commit.name()));
                            if (number % CHECKPOINT == 0 || number == replayed.size() - 1) {
                                assertThat(everything(corpus)).isEqualTo(fresh(git.url(), number));
                                System.out.printf("commit %d: %s%n", number, workers.kills());
                            }
                        }
                    }
                    assertThat(probe.returned()).isEmpty();
                    System.out.printf(
                            "%d commits: %s; %d searches while it ran returned no document that was gone%n",
                            replayed.size() - 1, workers.kills(), probe.searches());
                }
            }
            judge(workers, model.texts());
            // Of 280 commits a hundred or more, whatever the seed.
            assertThat(workers.kills().all()).isGreaterThanOrEqualTo((replayed.size() - 1) / COMMITS_A_KILL * 3);
        }
    }

    /** Kills workers of a commit; true if the commit is then left to the next one's run. */
    private boolean isLeftUndone(Workers workers, int number, boolean last) throws Exception {
        for (var attempt = 0; random.nextInt(20) < 9 && attempt < 3; attempt++) {
            if (workers.isKilled("at-" + number, Moment.draw(random)) && !last && random.nextInt(5) == 0) {
                return true;
            }
        }
        return false;
    }

    /** From now on the documents of a commit may be found; which others are gone is known. */
    private void begin(Map<String, List<Chunk>> expected, RemovedPathsProbe probe) {
        expected.forEach((path, chunks) -> {
            everSeen.put(path, words(chunks.getFirst().text()));
            chunks.forEach(chunk -> perhapsNeeded.add(chunk.embeddedText()));
        });
        var gone = new TreeMap<>(everSeen);
        gone.keySet().removeAll(indexed.keySet());
        gone.keySet().removeAll(expected.keySet());
        probe.removed(gone);
    }

    /** From now on only the documents of the commit may be found. */
    private void end(Map<String, List<Chunk>> expected, RemovedPathsProbe probe) {
        var gone = new TreeMap<>(everSeen);
        gone.keySet().removeAll(expected.keySet());
        probe.removed(gone);
        var justGone = new TreeSet<>(indexed.keySet());
        justGone.removeAll(expected.keySet());
        probe.lookFor(justGone);
        assertThat(probe.returned()).isEmpty();
    }

    private void check(Corpora corpus, Map<String, List<Chunk>> expected, String when) {
        indexed = expected;
        expected.values().forEach(chunks -> chunks.forEach(chunk -> needed.add(chunk.embeddedText())));
        var found =
                IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)).documents();
        var different = new TreeSet<String>();
        var ids = new TreeSet<>(found.keySet());
        expected.keySet().forEach(path -> ids.add(SOURCE + ":" + path));
        for (var id : ids) {
            var there = found.get(id);
            var wanted = expected.get(id.substring(id.indexOf(':') + 1));
            var texts = wanted == null ? null : wanted.stream().map(Chunk::text).toList();
            if (!Objects.equals(texts, there == null ? null : there.chunks())) {
                different.add(id);
            }
        }
        assertThat(different).as(when).isEmpty();
    }

    private void judge(Workers workers, List<String> asked) {
        var distinct = new HashSet<>(asked);
        var twice = asked.size() - distinct.size();
        System.out.printf(
                "the model was asked for %d texts, %d of them different; %d were under way when a worker was killed%n",
                asked.size(), distinct.size(), workers.lost());
        assertThat(workers.wronglyAsked()).as("texts whose vectors were kept").isEmpty();
        assertThat(distinct).containsAll(needed);
        assertThat(perhapsNeeded)
                .containsAll(
                        distinct.stream().filter(text -> !needed.contains(text)).collect(Collectors.toSet()));
        assertThat((long) twice).isLessThanOrEqualTo(workers.lost());
    }

    private static GenerationManifest manifest(EmbeddingEndpoint model) {
        return new GenerationManifest(
                1, GenerationManifest.PIPELINE, CHUNKING, RemoteModels.openAi(model), 1, List.of());
    }

    private Corpora corpus(URI repository, String namespace) {
        var source = new SourceManifest(
                SOURCE,
                new SourceManifest.Git(repository.toString(), History.BRANCH, null, null),
                ENDINGS.stream().map(ending -> "**/*" + ending).toList(),
                List.of(),
                "https://docs.example.org/{path}",
                null);
        return new Corpora(
                SharedNode.url(),
                new NoModel(),
                source,
                folder,
                folder.resolve("work"),
                new IndexNames("cc", namespace, CORPUS));
    }

    private ServerProcess serve(Corpora corpus, EmbeddingEndpoint queries) throws Exception {
        var guide = new Guides(SharedNode.url(), new NoModel(), folder, CORPUS);
        guide.point(1, 0);
        assertThat(guide.names()).isEqualTo(corpus.names());
        var route = guide.route(SharedNode.url(), RemoteModels.openAi(queries));
        return ServerProcess.start(folder.resolve("server"), Guides.anonymous(Guides.limits(), route), List.of());
    }

    /** What a build from nothing gives, in a namespace of its own, so that no vector is there before. */
    private IndexSnapshot fresh(URI repository, int number) throws Exception {
        try (var model = EmbeddingEndpoint.start()) {
            var corpus = corpus(repository, "fresh" + number);
            var manifest = manifest(model);
            corpus.create(manifest);
            var specification =
                    Corpora.building(corpus.specification("fresh", manifest, List.of(), List.of(corpus.source())));
            try (var process = IngestProcess.startAsInPod(
                    specification,
                    folder.resolve("fresh-" + number),
                    List.of(),
                    Workers.POD_MEGABYTES,
                    Workers.ONE_COMPILER)) {
                assertThat(process.exitCode())
                        .as(String.join("\n", process.log()))
                        .isZero();
            }
            var built = everything(corpus);
            try (var connection = corpus.connection()) {
                var names = corpus.names();
                connection.send("DELETE", "/" + names.generation(1) + "," + names.manifest(1), null);
            }
            return built;
        }
    }

    private static IndexSnapshot everything(Corpora corpus) {
        return IndexSnapshot.ofEverything(SharedNode.url(), corpus.names().generation(1));
    }

    private static String words(String text) {
        return List.of(text.strip().split("\\s+")).stream().limit(WORDS_ASKED).collect(Collectors.joining(" "));
    }
}
