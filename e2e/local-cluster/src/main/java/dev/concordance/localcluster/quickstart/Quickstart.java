package dev.concordance.localcluster.quickstart;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.LocalCluster;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The program behind {@code ./quickstart}, which has built the project before it calls. */
public final class Quickstart {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 64;
    private static final Question QUESTION =
            new Question("What happens to searches while a new generation is built?", 3);

    private final Options options;
    private final Console console;

    private Quickstart(Options options, Console console) {
        this.options = options;
        this.console = console;
    }

    /** Runs the verb that the arguments name. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        var console = new Console(out, Long.getLong("concordance.started", System.currentTimeMillis()));
        try {
            new Quickstart(Options.parse(arguments), console).run();
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            System.exit(WRONG_USAGE);
        } catch (IllegalStateException e) {
            err.println("quickstart: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private void run() {
        switch (options.verb()) {
            case ALL -> answer(install());
            case UP -> nextSteps(install());
            case ENV -> environment();
            case DOWN -> down();
        }
    }

    private Site install() {
        var site = options.existing().<Site>map(this::existing).orElseGet(this::local);
        new Installation(site.kubectl(), site.helm(), options.root(), options.state())
                .ensure(site.values(), console::step);
        return site;
    }

    private Site local() {
        var cluster = cluster();
        cluster.start(console::step);
        return new LocalSite(cluster);
    }

    private Site existing(Options.Existing given) {
        return new ExistingSite(
                given, LocalCluster.version(), given.repository().orElseGet(this::origin));
    }

    private URI origin() {
        return readable(new Command(List.of("git"), Map.of())
                .run("-C", options.root().toString(), "remote", "get-url", "origin")
                .strip());
    }

    /** Looked at before anything is installed: a path of this machine, or SSH without a key, is of no use to pods. */
    static URI readable(String origin) {
        if (!origin.startsWith("https://") && !origin.startsWith("http://")) {
            throw new IllegalArgumentException("quickstart: this checkout's remote \"origin\" is " + origin
                    + ", which pods can't read: add --repository https://…");
        }
        return URI.create(origin);
    }

    private void answer(Site site) {
        var example = new Example(site.kubectl(), options.root(), options.state());
        console.step("Applying examples/quickstart: the project's own documentation as a corpus");
        example.apply(site.elasticsearch(), site.repository());
        example.awaitReady(console);
        console.step("Asking: " + QUESTION.text());
        console.line("");
        site.withQueryServer(Example.NAMESPACE, Example.QUERY_SERVER, QUESTION::ask)
                .forEach(console::line);
        nextSteps(site);
    }

    private void nextSteps(Site site) {
        site.nextSteps().forEach(console::line);
    }

    private void environment() {
        var cluster = cluster();
        console.line("export KUBECONFIG='" + cluster.controlPlane().kubeconfig() + "'");
        console.line("export PATH='" + cluster.programs() + "':\"$PATH\"");
        console.line("export CONCORDANCE_URL='" + cluster.gatewayUrl() + "'");
        console.line("export ELASTICSEARCH_URL='" + cluster.elasticsearchUrl() + "'");
    }

    private void down() {
        cluster().stop();
        if (options.purge()) {
            try (var files = Files.walk(options.state())) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private LocalCluster cluster() {
        return LocalCluster.in(options.root(), options.state(), Binaries.provide(options.root(), console::step));
    }
}
