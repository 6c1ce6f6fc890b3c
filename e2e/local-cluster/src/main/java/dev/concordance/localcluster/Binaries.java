package dev.concordance.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The programs that are written in Go: the control plane with kubectl, from {@code e2e/control-plane}, and Helm. Built
 * once into a cache folder outside the tree, keyed by what they are built from.
 */
public record Binaries(Path folder) {
    private static final String HELM = "helm.sh/helm/v4/cmd/helm@v4.1.0";
    private static final String KUBERNETES = "v1.36.2";
    private static final List<String> NAMES =
            List.of("etcd", "pki", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl");
    /** Nobody debugs these; for both, so that what they share is compiled once. */
    private static final String WITHOUT_DWARF = "-gcflags=all=-dwarf=false";

    /** The compiler spends a sixth of its time on collecting garbage otherwise. */
    private static final Map<String, String> COLLECTS_SELDOM = Map.of("GOGC", "400", "GOMEMLIMIT", "2GiB");

    private static final int PACKAGES_BETWEEN_LINES = 250;
    private static final int LINES_OF_A_FAILURE = 40;
    private static final String GO_MISSING =
            "The local cluster is built from source and needs Go 1.26 or newer, which is not in PATH. Install it (Debian: apt-get install"
                    + " golang; macOS: brew install go; or unpack a release of the Go project), and call again. To use a cluster of"
                    + " your own instead: ./quickstart --context NAME.";

    /** The programs, built if they are not in the cache yet; where others are building them already, it waits for those. */
    public static synchronized Binaries provide(Path root, Consumer<String> progress) {
        var sources = root.resolve("e2e/control-plane");
        var cache = cacheFolder().resolve("control-plane-" + digest(sources));
        if (!isBuilt(cache)) {
            try {
                Files.createDirectories(cache.getParent());
                var file = cache.resolveSibling("building.lock");
                try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    // Until the channel is closed, or this process has ended.
                    var unused = channel.lock();
                    if (!isBuilt(cache)) {
                        var work = Files.createTempDirectory(cache.getParent(), "building-");
                        requireGo();
                        build(sources, work, progress);
                        Files.move(work, cache, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Binaries(cache);
    }

    private static boolean isBuilt(Path cache) {
        return Files.isRegularFile(cache.resolve("helm"));
    }

    private static void build(Path sources, Path into, Consumer<String> progress) throws IOException {
        progress.accept("Building the control plane " + KUBERNETES + " from source (once; takes minutes)");
        var program = into.resolve("control-plane").toString();
        go(
                sources,
                List.of(
                        "go",
                        "build",
                        "-v",
                        "-trimpath",
                        WITHOUT_DWARF,
                        "-ldflags",
                        versionFlags(),
                        "-o",
                        program,
                        "."),
                Map.of(),
                progress);
        for (var name : NAMES) {
            Files.createSymbolicLink(into.resolve(name), Path.of("control-plane"));
        }
        progress.accept("Building Helm (once)");
        go(
                sources,
                List.of("go", "install", "-v", "-trimpath", WITHOUT_DWARF, "-ldflags=-s -w", HELM),
                Map.of("GOBIN", into.toString(), "GOFLAGS", "-mod=mod"),
                progress);
    }

    /** Path of one program. */
    public String path(String name) {
        return folder.resolve(name).toString();
    }

    /** Where what is built once and what is unpacked once is kept. */
    public static Path cacheFolder() {
        var xdg = System.getenv("XDG_CACHE_HOME");
        var base = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("concordance");
    }

    private static void requireGo() {
        try {
            var process = new ProcessBuilder("go", "version")
                    .redirectErrorStream(true)
                    .start();
            if (process.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            throw new IllegalStateException(GO_MISSING, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException(GO_MISSING);
    }

    private static void go(
            Path folder, List<String> command, Map<String, String> environment, Consumer<String> progress)
            throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        COLLECTS_SELDOM.forEach(builder.environment()::putIfAbsent);
        var process = builder.start();
        var last = new ArrayDeque<String>();
        try (var output = process.inputReader()) {
            var packages = 0;
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                packages++;
                last.addLast(line);
                if (last.size() > LINES_OF_A_FAILURE) {
                    last.removeFirst();
                }
                if (packages % PACKAGES_BETWEEN_LINES == 0) {
                    progress.accept("  %,d packages are fetched or compiled".formatted(packages));
                }
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + String.join("\n", last));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while building", e);
        }
    }

    /** Clients ask servers for their version, and are confused by none. */
    private static String versionFlags() {
        var flags = new StringBuilder("-s -w");
        for (var variable : List.of("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")) {
            flags.append(" -X ").append(variable).append(".gitVersion=").append(KUBERNETES);
            flags.append(" -X ").append(variable).append(".gitMajor=1");
            flags.append(" -X ").append(variable).append(".gitMinor=36");
        }
        return flags.toString();
    }

    private static String digest(Path sources) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            for (var file : List.of("go.mod", "go.sum", "main.go", "pki.go")) {
                sha256.update(Files.readAllBytes(sources.resolve(file)));
            }
            sha256.update(HELM.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
