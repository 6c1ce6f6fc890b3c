package dev.concordance.localcluster.servers;

import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A database server on loopback as a process of its own, gone with this JVM. Its owner is {@link #OWNER}, who needs no
 * password; its programs are those of {@code e2e/databases} below the folder that the system property {@code
 * concordance.root} names.
 */
public final class DatabaseProcess implements AutoCloseable {
    /** The user who may do everything. */
    public static final String OWNER = "root";

    private static final String SETPRIV = "setpriv";
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Kind kind;
    private final Path home;
    private final int port;
    private final List<String> command;
    private Process process;

    /** Whose server it is. */
    public enum Kind {
        POSTGRESQL,
        MARIADB
    }

    private DatabaseProcess(Kind kind, Path home, int port, List<String> command) throws IOException {
        this.kind = kind;
        this.home = home;
        this.port = port;
        this.command = command;
        this.process = launch();
    }

    /**
     * Starts a new server and waits until it takes connections.
     *
     * @param home data and log
     * @param settings more of them, as on its command line, such as {@code ssl=on}
     */
    public static DatabaseProcess start(Kind kind, Path home, String... settings) {
        try {
            Files.createDirectories(home);
            var port = FreePorts.take(1).getFirst();
            var data = home.toAbsolutePath().resolve("data");
            var command = kind == Kind.POSTGRESQL ? postgreSql(data, port) : mariaDb(data, port);
            for (var setting : settings) {
                command.add("--" + setting);
            }
            return new DatabaseProcess(kind, home, port, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Ends it; its data stays. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again with its data. */
    public void resume() {
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private Process launch() throws IOException {
        var log = home.resolve("server.log");
        var launched = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers() || !isReady()) {
            if (!launched.isAlive() || System.nanoTime() > deadline) {
                launched.destroyForcibly();
                throw new IllegalStateException("the database did not start; its log:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        return launched;
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** PostgreSQL listens before it lets anybody in, and notes in this file how far it is. */
    private boolean isReady() {
        try {
            return kind != Kind.POSTGRESQL
                    || Files.readString(home.resolve("data/postmaster.pid")).contains("\nready");
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> postgreSql(Path data, int port) throws IOException {
        var nobody = asNobody();
        var programs = DatabasePrograms.postgreSql();
        var bin = (nobody.contains(SETPRIV) ? DatabasePrograms.readableByAll(programs) : programs).resolve("bin");
        var command = new ArrayList<>(nobody);
        command.add(bin.resolve("initdb").toString());
        new Command(command, Map.of()).run("-D", data.toString(), "-U", OWNER, "-A", "trust", "--no-sync");
        // The owner comes without a password, others with theirs.
        Files.writeString(data.resolve("pg_hba.conf"), """
                host all %s 127.0.0.1/32 trust
                host all all 127.0.0.1/32 scram-sha-256
                """.formatted(OWNER));
        var server = new ArrayList<>(nobody);
        server.addAll(List.of(
                bin.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "--listen_addresses=127.0.0.1",
                "--port=" + port,
                "--unix_socket_directories=",
                "--fsync=off"));
        return server;
    }

    /**
     * PostgreSQL refuses to run as root. In a user namespace that maps nobody, a process is nobody in its own eyes and still
     * reads what its user may; where there are none, it is nobody with the capability to read everything.
     */
    private static List<String> asNobody() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        var namespaces = new Command(List.of("unshare"), Map.of()).attempt("--user", "true");
        return namespaces.exitCode() == 0
                ? List.of("unshare", "--user")
                : List.of(
                        SETPRIV,
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "--inh-caps=+dac_override,+dac_read_search",
                        "--ambient-caps=+dac_override,+dac_read_search");
    }

    private static List<String> mariaDb(Path data, int port) throws IOException {
        var programs = DatabasePrograms.mariaDb();
        var user = System.getProperty("user.name");
        new Command(List.of("sh", programs.resolve("scripts/mariadb-install-db").toString()), Map.of())
                .run(
                        "--no-defaults",
                        "--basedir=" + programs,
                        "--datadir=" + data,
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db",
                        "--user=" + user);
        return new ArrayList<>(List.of(
                programs.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + programs,
                "--datadir=" + data,
                "--user=" + user,
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + data.resolve("socket"),
                "--innodb-flush-log-at-trx-commit=0"));
    }
}
