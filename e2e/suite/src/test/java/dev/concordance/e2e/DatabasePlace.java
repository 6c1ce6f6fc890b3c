package dev.concordance.e2e;

import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.localcluster.servers.DatabaseProcess;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc;
import dev.concordance.manifest.SourceManifest.Jdbc.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** A table of a database server on loopback, read by a user who may do no more. */
final class DatabasePlace implements Place {
    private static final String QUERY = "SELECT path, body, gone FROM documents";
    private static final int FILLERS = 3_000;
    /** More than the first page of a listing with the fillers is long, and less than the first two. */
    private static final int CUT = 150_000;

    private static final String PASSWORD = "reader-password";

    private final Kind kind;
    private final DatabaseProcess server;
    private final CuttingProxy proxy;
    private final DocumentFolder secret;

    /** Starts the server, and makes the Secret of the reader. */
    DatabasePlace(Kind kind, Cluster cluster, String namespace, Path folder) {
        this.kind = kind;
        server = DatabaseProcess.start(kind, folder.resolve("database"));
        proxy = CuttingProxy.before(server.port());
        secret = new DocumentFolder(folder.resolve("secret"));
        secret.write("username", "reader");
        secret.write("password", PASSWORD);
        cluster.kubectl()
                .run("create", "secret", "generic", "database-read", "-n", namespace, "--from-file=" + secret.path());
        if (kind == Kind.POSTGRESQL) {
            run("postgres", "CREATE DATABASE handbook");
        } else {
            run("mysql", "CREATE DATABASE handbook CHARACTER SET utf8mb4");
        }
        run("handbook", "CREATE TABLE documents (path VARCHAR(200) PRIMARY KEY, body TEXT, gone BOOLEAN)");
        if (kind == Kind.POSTGRESQL) {
            run("handbook", "CREATE USER reader PASSWORD '%s'".formatted(PASSWORD));
            run("handbook", "GRANT SELECT ON documents TO reader");
        } else {
            run("handbook", "CREATE USER reader@'%%' IDENTIFIED BY '%s'".formatted(PASSWORD));
            run("handbook", "GRANT SELECT ON handbook.* TO reader@'%'");
        }
    }

    @Override
    public String declaration() {
        return """
                jdbc:
                  engine: %s
                  host: 127.0.0.1
                  port: %d
                  database: handbook
                  tls: Disabled
                  credentialsSecretRef: {name: database-read}
                  query: %s
                  keyColumn: path
                  contentColumn: body
                  deletedColumn: gone
                  format: markdown
                """.formatted(engine(), proxy.port(), QUERY);
    }

    @Override
    public SourceManifest.Location location() {
        return new Jdbc(
                engine(),
                "127.0.0.1",
                proxy.port(),
                "handbook",
                QUERY,
                new Jdbc.Columns("path", "body", null, "gone", null, null, List.of()),
                Jdbc.Format.markdown,
                false,
                "database",
                null,
                SourceManifest.RateLimit.NONE);
    }

    @Override
    public Map<String, Path> mounts() {
        return Map.of("database", secret.path());
    }

    @Override
    public boolean isWatched() {
        return false;
    }

    @Override
    public void write(String path, String text) {
        remove(path);
        run("handbook", "INSERT INTO documents VALUES (?, ?, false)", path, text);
    }

    @Override
    public void remove(String path) {
        run("handbook", "DELETE FROM documents WHERE path = ?", path);
    }

    /** Breaks a listing off in its second page. What makes it so long are rows that are no documents. */
    @Override
    public void fail() {
        try (var connection = open("handbook");
                var insert = connection.prepareStatement("INSERT INTO documents VALUES (?, '', true)")) {
            connection.setAutoCommit(false);
            for (var i = 0; i < FILLERS; i++) {
                insert.setString(1, "filler-%04d".formatted(i));
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        proxy.cutAfter(CUT);
    }

    @Override
    public void recover() {
        Place.requireMet(proxy);
        run("handbook", "DELETE FROM documents WHERE gone");
        proxy.mend();
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }

    private Engine engine() {
        return kind == Kind.POSTGRESQL ? Engine.PostgreSQL : Engine.MariaDB;
    }

    private void run(String database, String sql, String... values) {
        try (var connection = open(database);
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection open(String database) throws SQLException {
        var protocol = kind == Kind.POSTGRESQL ? "postgresql" : "mariadb";
        var url = "jdbc:%s://127.0.0.1:%d/%s".formatted(protocol, server.port(), database);
        return DriverManager.getConnection(url, DatabaseProcess.OWNER, "");
    }
}
