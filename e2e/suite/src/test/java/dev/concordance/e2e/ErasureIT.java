package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.servers.GitServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * After an Erasure the document is never returned: not when its source gives it again, not by another generation, and not by an
 * index that is restored from a snapshot taken before. The receipt verifies with the public key.
 */
@Execution(ExecutionMode.CONCURRENT)
final class ErasureIT {
    private static final String CORPUS = "handbook";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String ROE =
            "---\ncustomer: 4711\n---\n# Tenants\n\nJane Roe rents the blue house at the harbour.\n";
    private static final String QUESTION = "who rents the blue house at the harbour";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("erasure");
    private final Elasticsearch elasticsearch =
            new Elasticsearch(cluster.local().elasticsearchUrl());
    private DocumentRepository repository;
    private GitServer git;
    private int runs;

    @TempDir
    private Path folder;

    @BeforeEach
    void index() {
        repository = DocumentRepository.create(folder);
        repository.write("roe.md", ROE);
        for (var house = 0; house < 8; house++) {
            repository.write(
                    "house%d.md".formatted(house), "# Houses\n\nHouse %d at the harbour is blue.\n".formatted(house));
        }
        repository.commit("All pages");
        git = GitServer.start(0, folder, CORPUS, null);
        declare("");
        cluster.apply(Manifests.queryServer(namespace, "search"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
    }

    @AfterEach
    void close() {
        cluster.kubectl().run("delete", "erasures", "--all", "-n", namespace, "--timeout=60s");
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        git.close();
    }

    @Test
    void neverReturnsTheDocumentAgain() throws Exception {
        assertThat(found()).contains("roe.md");
        snapshot();
        secret();
        erase();
        assertThat(found()).isNotEmpty().doesNotContain("roe.md");

        repository.write("roe.md", ROE.replace("blue", "very blue"));
        repository.write("late.md", ROE.replace("Tenants", "Late"));
        repository.commit("It arrives again, under another name too");
        sync();
        assertThat(found()).doesNotContain("roe.md", "late.md");
        assertThat(indexed()).doesNotContain("site:roe.md", "site:late.md");

        cluster.apply(Manifests.chunkingPolicy(namespace, "small", "{tokens: {maxTokens: 64}}"));
        declare("chunkingPolicyRef: {name: small}");
        await(
                "generation 2 serves",
                () -> corpus("{.status.serving.generation}").equals("2"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        assertThat(found()).isNotEmpty().doesNotContain("roe.md", "late.md");

        restore();
        assertThat(found()).isNotEmpty().doesNotContain("roe.md", "late.md");
        await("nothing is left of what was restored", () -> !hasPassages("roe.md") && isVerified());
        assertThat(found()).isNotEmpty().doesNotContain("roe.md", "late.md");

        assertThat(erasure("{.status.receipt.publicKey}").strip())
                .isEqualTo(publicKey().strip());
        assertThat(openssl()).contains("Signature Verified Successfully");
        assertThat(erasure("{.status.pending[*].name}")).contains(namespace + "/before");

        cluster.kubectl().run("delete", "erasure", "request-7", "-n", namespace, "--timeout=60s");
        sync();
        await("it is back, since its source has it", () -> found().contains("roe.md"));
    }

    private void declare(String more) {
        cluster.apply(Manifests.gitCorpus(namespace, CORPUS, git.url(), "freshness: {maxStaleness: 1d}\n" + more));
    }

    private void erase() {
        cluster.apply("""
                apiVersion: concordance.dev/v1alpha1
                kind: Erasure
                metadata: {name: request-7, namespace: %s}
                spec:
                  corpusRef: {name: %s}
                  metadata: [{matchFields: {customer: "4711"}}]
                  receipt: {signingKeySecretRef: {name: receipts}}
                """.formatted(namespace, CORPUS));
        cluster.awaitReady("erasure", namespace, "request-7");
    }

    private void secret() {
        var key = folder.resolve("ed25519.pem");
        new Command(List.of("openssl"), Map.of()).run("genpkey", "-algorithm", "ed25519", "-out", key.toString());
        cluster.kubectl()
                .run("create", "secret", "generic", "receipts", "-n", namespace, "--from-file=ed25519.pem=" + key);
    }

    /** Of the private key in the declared Secret, whatever the status says. */
    private String publicKey() {
        var encoded = cluster.kubectl()
                .run("get", "secret", "receipts", "-n", namespace, "-o", "jsonpath={.data.ed25519\\.pem}");
        return new Command(List.of("openssl"), Map.of())
                .run("pkey", "-in", written("secret.pem", Base64.getDecoder().decode(encoded)), "-pubout");
    }

    private String openssl() {
        return new Command(List.of("openssl"), Map.of())
                .run(
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        written("receipt.pub", publicKey().getBytes(StandardCharsets.UTF_8)),
                        "-rawin",
                        "-in",
                        written(
                                "receipt.json",
                                erasure("{.status.receipt.statement}").getBytes(StandardCharsets.UTF_8)),
                        "-sigfile",
                        written("receipt.sig", Base64.getDecoder().decode(erasure("{.status.receipt.signature}"))));
    }

    private String written(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void snapshot() {
        elasticsearch.send(
                "PUT",
                "/_snapshot/" + namespace,
                "{\"type\":\"fs\",\"settings\":{\"location\":\"" + namespace + "\"}}");
        elasticsearch.send(
                "PUT",
                "/_snapshot/" + namespace + "/before?wait_for_completion=true",
                "{\"indices\":\"" + index(1) + "," + index(1) + "-manifest\",\"include_global_state\":false}");
    }

    /** What somebody does who wants the former generation back as it was: the index under its name, and one field. */
    private void restore() {
        elasticsearch.send("DELETE", "/" + index(1) + "," + index(1) + "-manifest?ignore_unavailable=true", "");
        elasticsearch.send(
                "POST",
                "/_snapshot/" + namespace + "/before/_restore?wait_for_completion=true",
                "{\"include_aliases\":false}");
        cluster.kubectl()
                .run(
                        "patch",
                        "corpus",
                        CORPUS,
                        "-n",
                        namespace,
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"index\":{\"rollbackTo\":1}}}");
        await(
                "generation 1 serves",
                () -> corpus("{.status.serving.generation}").equals("1"));
    }

    private String alias() {
        return "cc-" + namespace + "." + CORPUS;
    }

    private String index(int generation) {
        return alias() + "-g" + generation;
    }

    /** Among the passages of all generations; their manifests know that it was erased. */
    private boolean hasPassages(String document) {
        var generations = alias() + "-g*,-" + alias() + "-g*-manifest";
        return elasticsearch
                        .get("/" + generations + "/_count?q=documentId:%22" + document + "%22&allow_no_indices=true")
                        .path("count")
                        .asLong()
                > 0;
    }

    private void sync() {
        var name = "sync-" + ++runs;
        cluster.apply(Manifests.ingestionRun(namespace, name, CORPUS));
        cluster.awaitReady("ingestionrun", namespace, name);
    }

    private List<String> found() {
        var client = new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS);
        // While the alias moves a search may be asked to come again.
        await("a search is answered", () -> client.search(QUESTION).status() == 200);
        return client.search(QUESTION).documents();
    }

    private Set<String> indexed() {
        return cluster.indexed(namespace, CORPUS).documents().keySet();
    }

    private boolean isVerified() {
        return erasure("{.status.phase}").equals("Verified");
    }

    private String erasure(String path) {
        return cluster.kubectl().run("get", "erasure", "request-7", "-n", namespace, "-o", "jsonpath=" + path);
    }

    private String corpus(String path) {
        return cluster.kubectl().run("get", "corpus", CORPUS, "-n", namespace, "-o", "jsonpath=" + path);
    }

    private void await(String what, BooleanSupplier condition) {
        Cluster.await(
                LIMIT,
                what,
                condition,
                () -> cluster.kubectl().run("describe", "erasures,corpora,ingestionruns,pods", "-n", namespace));
    }
}
