package dev.concordance.testing;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RoutingTable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small corpus {@code docs/NAME} that suites search: three documents on installation, cats and nothing.
 *
 * @param folder for its files
 */
public record Guides(URI elasticsearch, Embedder model, Path folder, String name) {
    public static final String INSTALL =
            "---\nyear: 2021\n---\n# Installation\n\nRun the installer to install the program.\n";
    public static final String CATS = "---\nyear: 2020\n---\n# Animals\n\nCats sleep all day.\n";

    public IndexNames names() {
        return new IndexNames("cc", "docs", name);
    }

    /** Indexes it as generation 1 and points the alias there. */
    public void index() throws IOException {
        index(Corpora.manifest(1));
    }

    /** The same with these settings. */
    public void index(GenerationManifest manifest) throws IOException {
        var data = Files.createDirectories(folder.resolve(name));
        Files.writeString(data.resolve("install.md"), INSTALL);
        Files.writeString(data.resolve("cats.md"), CATS);
        Files.writeString(
                data.resolve("long.md"), "# Long\n\n" + "Every paragraph has words about nothing.\n\n".repeat(60));
        Files.writeString(
                data.resolve("markup.md"), "# Markup\n\nA zebra says `<script>alert(\"x\")</script>` & <b>runs</b>.\n");
        var corpus = corpus();
        corpus.create(manifest);
        corpus.run("r1", manifest, List.of());
        point(1, 0);
    }

    public Corpora corpus() {
        return new Corpora(
                elasticsearch,
                model,
                Corpora.volume("files", null),
                folder.resolve(name),
                folder.resolve(name + "-work"),
                names());
    }

    /** Moves the alias in one call, as the operator does; {@code former} 0: there was none. */
    public void point(int generation, int former) {
        var body = ManifestJson.mapper().createObjectNode();
        var actions = body.putArray("actions");
        actions.addObject()
                .putObject("add")
                .put("index", names().generation(generation))
                .put("alias", names().alias());
        if (former > 0) {
            actions.addObject()
                    .putObject("remove")
                    .put("index", names().generation(former))
                    .put("alias", names().alias());
        }
        send("POST", "/_aliases", body.toString());
    }

    public void send(String method, String path, @Nullable String body) {
        try (var connection = corpus().connection()) {
            var answer = connection.send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8));
            if (answer.status() >= 300) {
                throw new IllegalStateException(
                        path + " " + answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8));
            }
        }
    }

    /** A route to it by way of {@code url}. */
    public RoutingTable.Route route(URI url, EmbeddingModelManifest... models) {
        return new RoutingTable.Route(
                "docs",
                name,
                names().alias(),
                new ElasticsearchAccess(List.of(url.toString()), null, null),
                List.of(models),
                List.of(new MetadataField("year", MetadataField.Type.LONG)),
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60));
    }

    /** A table that answers anyone. */
    public static RoutingTable anonymous(RoutingTable.Limits limits, RoutingTable.Route... routes) {
        return new RoutingTable(true, List.of(), List.of(routes), limits);
    }

    public static RoutingTable.Limits limits() {
        return new RoutingTable.Limits(1000, 65_536, 60_000, 16);
    }

    /** These settings with another model. */
    public static GenerationManifest with(GenerationManifest manifest, EmbeddingModelManifest model) {
        return new GenerationManifest(
                manifest.generation(),
                manifest.pipeline(),
                manifest.chunking(),
                model,
                manifest.shards(),
                manifest.metadata(),
                manifest.privacy(),
                manifest.documentLevel(),
                manifest.parser(),
                manifest.vectors(),
                manifest.analysis());
    }
}
