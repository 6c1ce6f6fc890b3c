package dev.concordance.localcluster.quickstart;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the command line asks for. */
record Options(Verb verb, boolean purge, Optional<Existing> existing, Path root, Path state) {
    static final String USAGE = """
            usage: ./quickstart [up | env | down [--purge]]
                   ./quickstart [up] --context NAME --elasticsearch URL [--repository URL] [--images PREFIX]

              (nothing)   starts a local cluster, installs the operator, applies examples/quickstart, asks a question
              up          the same without the example
              env         prints export lines for a shell: KUBECONFIG, PATH, CONCORDANCE_URL, ELASTICSEARCH_URL
              down        stops everything; with --purge its state goes too

              --context NAME        use the cluster of this kubectl context instead of a local one
              --elasticsearch URL   an Elasticsearch that this cluster's pods can reach
              --repository URL      a git repository that this cluster's pods can reach; else this checkout's remote "origin"
              --images PREFIX       where the images operator and index-server were pushed to; else "concordance"
            """;

    private static final String CONTEXT = "--context";
    private static final String ELASTICSEARCH = "--elasticsearch";
    private static final String REPOSITORY = "--repository";
    private static final String IMAGES = "--images";
    private static final String PURGE = "--purge";
    private static final Set<String> WITH_VALUE = Set.of(CONTEXT, ELASTICSEARCH, REPOSITORY, IMAGES);

    /** What is to be done. */
    enum Verb {
        ALL,
        UP,
        ENV,
        DOWN
    }

    /** A cluster that is there already. */
    record Existing(String context, URI elasticsearch, Optional<URI> repository, String images) {}

    /** Throws IllegalArgumentException that says what is wrong. */
    static Options parse(String[] arguments) {
        var verb = Optional.<Verb>empty();
        var purge = false;
        Map<String, String> given = new HashMap<>();
        for (var i = 0; i < arguments.length; i++) {
            var word = arguments[i];
            if (WITH_VALUE.contains(word) && i + 1 < arguments.length) {
                i++;
                given.put(word, arguments[i]);
            } else if (word.equals(PURGE)) {
                purge = true;
            } else if (verb.isEmpty() && !word.startsWith("-")) {
                verb = Optional.of(verb(word));
            } else {
                throw new IllegalArgumentException("quickstart: " + word + " is not understood\n" + USAGE);
            }
        }
        return new Options(
                checked(verb.orElse(Verb.ALL), purge, given),
                purge,
                existing(given),
                Path.of(System.getProperty("concordance.root", "."))
                        .toAbsolutePath()
                        .normalize(),
                Path.of(System.getProperty("concordance.state", ".local-cluster"))
                        .toAbsolutePath()
                        .normalize());
    }

    private static Verb verb(String word) {
        return switch (word) {
            case "up" -> Verb.UP;
            case "env" -> Verb.ENV;
            case "down" -> Verb.DOWN;
            default -> throw new IllegalArgumentException("quickstart: " + word + " is not understood\n" + USAGE);
        };
    }

    private static Verb checked(Verb verb, boolean purge, Map<String, String> given) {
        if (purge && verb != Verb.DOWN) {
            throw new IllegalArgumentException("quickstart: --purge goes with down\n" + USAGE);
        }
        if (!given.isEmpty() && (verb == Verb.ENV || verb == Verb.DOWN)) {
            throw new IllegalArgumentException("quickstart: env and down are for the local cluster\n" + USAGE);
        }
        return verb;
    }

    private static Optional<Existing> existing(Map<String, String> given) {
        var context = given.get(CONTEXT);
        var elasticsearch = given.get(ELASTICSEARCH);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (context == null || elasticsearch == null) {
            throw new IllegalArgumentException(
                    "quickstart: an existing cluster needs --context and --elasticsearch\n" + USAGE);
        }
        return Optional.of(new Existing(
                context,
                URI.create(elasticsearch),
                Optional.ofNullable(given.get(REPOSITORY)).map(URI::create),
                given.getOrDefault(IMAGES, "concordance")));
    }
}
