package dev.concordance.e2e;

import java.net.URI;

/** YAML of the objects that suites apply. */
final class Manifests {
    private Manifests() {}

    /** A corpus over a git repository, embedded with the small bundled model. */
    static String gitCorpus(String namespace, String name, URI repository, String more) {
        return corpus(namespace, name, """
                git: {url: "%s", ref: main}
                include: ["**/*.md"]
                """.formatted(repository), more);
    }

    /** A corpus over one source, {@code site}, embedded with the small bundled model. */
    static String corpus(String namespace, String name, String source, String more) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: EmbeddingModel
                metadata: {name: minilm, namespace: %1$s}
                spec: {bundled: {name: all-minilm-l6-v2-q}}
                ---
                apiVersion: concordance.dev/v1alpha1
                kind: Corpus
                metadata: {name: %2$s, namespace: %1$s, labels: {served: "yes"}}
                spec:
                  sources:
                    - name: site
                %3$s
                  searchClusterRef: {name: search}
                  embeddingModelRef: {name: minilm}
                  index: {replicas: 0}
                %4$s
                """.formatted(namespace, name, source.strip().indent(6).stripTrailing(), more.indent(2));
    }

    /** One sync of a corpus. */
    static String ingestionRun(String namespace, String name, String corpus) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: IngestionRun
                metadata: {name: %2$s, namespace: %1$s}
                spec: {corpusRef: {name: %3$s}}
                """.formatted(namespace, name, corpus);
    }

    /** A query server for all corpora of its namespace that ask for one. */
    static String queryServer(String namespace, String name) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: QueryServer
                metadata: {name: %2$s, namespace: %1$s}
                spec:
                  corpora: {matchLabels: {served: "yes"}}
                  authentication: {anonymous: true}
                """.formatted(namespace, name);
    }

    static String chunkingPolicy(String namespace, String name, String spec) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: ChunkingPolicy
                metadata: {name: %2$s, namespace: %1$s}
                spec: %3$s
                """.formatted(namespace, name, spec);
    }
}
