package dev.concordance.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.PackagedProgram;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Builds an index of a source from nothing, by the worker's program as in its image and without an operator: what any history of
 * increments has to end in. The vectors of texts that the build before had are taken over from it.
 */
final class FreshBuild {
    private static final RunSpecification.Limits LIMITS = new RunSpecification.Limits(10 << 20, 10_000, 100, 0);
    private static final RunSpecification.DeletionGuard UNGUARDED =
            new RunSpecification.DeletionGuard(0, 100, null, null);

    private final Elasticsearch elasticsearch;
    private final IndexNames names;
    private final SourceManifest source;
    private final Chunking chunking;
    private final EmbeddingModelManifest model;
    private final Map<String, Path> mounts;
    private final Path work;
    private int generation;

    FreshBuild(
            URI elasticsearch,
            IndexNames names,
            SourceManifest source,
            Chunking chunking,
            EmbeddingModelManifest model,
            Map<String, Path> mounts,
            Path work) {
        this.elasticsearch = new Elasticsearch(elasticsearch);
        this.names = names;
        this.source = source;
        this.chunking = chunking;
        this.model = model;
        this.mounts = mounts;
        this.work = work;
    }

    /** Builds the next generation from nothing, and reads the texts of it. */
    IndexSnapshot next() {
        return IndexSnapshot.of(elasticsearch.url(), build());
    }

    /** The same with all that there is of it. */
    IndexSnapshot nextWithEverything() {
        return IndexSnapshot.ofEverything(elasticsearch.url(), build());
    }

    /** Gives the name of the index. */
    private String build() {
        var reuse = generation == 0 ? List.<Integer>of() : List.of(generation);
        generation++;
        var manifest = new GenerationManifest(generation, GenerationManifest.PIPELINE, chunking, model, 1, List.of());
        create(names.generation(generation), GenerationMapping.chunks(manifest, 0));
        create(names.manifest(generation), GenerationMapping.manifest(manifest, 0));
        if (generation == 1) {
            create(names.ledger(), GenerationMapping.ledger(0));
        }
        run(new RunSpecification(
                "fresh-" + generation,
                RunMode.Build,
                names,
                manifest,
                reuse,
                List.of(source),
                new ElasticsearchAccess(List.of(elasticsearch.url().toString()), null, null),
                LIMITS,
                UNGUARDED));
        for (var old : reuse) {
            elasticsearch.send("DELETE", "/" + names.generation(old) + "," + names.manifest(old), "");
        }
        return names.generation(generation);
    }

    private void create(String index, ObjectNode body) {
        elasticsearch.send("PUT", "/" + index, body.toString());
    }

    private void run(RunSpecification specification) {
        try {
            Files.createDirectories(work);
            var file = work.resolve("run.json");
            Files.write(file, ManifestJson.mapper().writeValueAsBytes(specification));
            var arguments = new ArrayList<>(List.of(
                    "ingest",
                    "--run",
                    file.toString(),
                    "--workspace",
                    work.resolve("workspace").toString()));
            mounts.forEach((name, folder) -> arguments.addAll(List.of("--mount", name + "=" + folder)));
            var program = PackagedProgram.shortLived(Cluster.ROOT.resolve("index-server"), List.of());
            new Command(program, Map.of()).run(arguments.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
