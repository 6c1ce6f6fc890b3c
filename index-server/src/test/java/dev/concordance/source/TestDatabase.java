package dev.concordance.source;

import dev.concordance.localcluster.servers.DatabaseProcess;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc;
import dev.concordance.manifest.SourceManifest.Jdbc.Columns;
import dev.concordance.manifest.SourceManifest.Jdbc.Engine;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A database of a server, with a user who may read it and no more. */
record TestDatabase(Kind kind, DatabaseProcess server) implements AutoCloseable {
    static final String NAME = "shop";
    static final String READER = "reader";
    static final String PASSWORD = "reader's password";

    static TestDatabase start(Kind kind, Path home, String... settings) throws SQLException {
        var database = new TestDatabase(kind, DatabaseProcess.start(kind, home, settings));
        if (kind == Kind.POSTGRESQL) {
            database.once("postgres", "CREATE DATABASE " + NAME);
            database.run(
                    "CREATE USER reader PASSWORD 'reader''s password'",
                    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader");
        } else {
            database.once("mysql", "CREATE DATABASE " + NAME + " CHARACTER SET utf8mb4");
            database.run(
                    "CREATE USER reader@'%' IDENTIFIED BY 'reader''s password'",
                    "GRANT SELECT, EXECUTE ON shop.* TO reader@'%'");
        }
        return database;
    }

    /** Does these statements as the owner. */
    void run(String... statements) throws SQLException {
        try (var connection = owner(NAME);
                var statement = connection.createStatement()) {
            for (var one : statements) {
                statement.execute(one);
            }
        }
    }

    /** Puts the table into a schema that the reader may not read; of another one a single column. */
    void forbid() throws SQLException {
        if (kind == Kind.POSTGRESQL) {
            run(
                    "CREATE SCHEMA hidden",
                    "GRANT USAGE ON SCHEMA hidden TO reader",
                    "CREATE TABLE hidden.articles (id INT, body TEXT)",
                    "REVOKE ALL ON hidden.articles FROM reader");
        } else {
            run(
                    "CREATE DATABASE hidden",
                    "CREATE TABLE hidden.articles (id INT, body TEXT)",
                    "CREATE DATABASE partly",
                    "CREATE TABLE partly.columns (id INT, secret TEXT)",
                    "GRANT SELECT (id) ON partly.columns TO reader@'%'");
        }
    }

    /** Undoes it. */
    void allow() throws SQLException {
        if (kind == Kind.POSTGRESQL) {
            run("DROP SCHEMA hidden CASCADE");
        } else {
            run("DROP DATABASE hidden", "DROP DATABASE partly");
        }
    }

    /** The same source in another database. */
    SourceManifest at(String database, SourceManifest declared) {
        var jdbc = (Jdbc) declared.location();
        return declared.at(with(jdbc, jdbc.host(), database));
    }

    /** The same source on another host. */
    SourceManifest on(String host, SourceManifest declared) {
        var jdbc = (Jdbc) declared.location();
        return declared.at(with(jdbc, host, jdbc.database()));
    }

    private static Jdbc with(Jdbc jdbc, String host, String database) {
        return new Jdbc(
                jdbc.engine(),
                host,
                jdbc.port(),
                database,
                jdbc.query(),
                jdbc.columns(),
                jdbc.format(),
                jdbc.tls(),
                jdbc.credentialsMount(),
                jdbc.caCertificates(),
                jdbc.rateLimit());
    }

    private void once(String database, String once) throws SQLException {
        try (var connection = owner(database);
                var statement = connection.createStatement()) {
            statement.execute(once);
        }
    }

    Connection owner(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", DatabaseProcess.OWNER);
        var connection = kind == Kind.POSTGRESQL
                ? new org.postgresql.Driver()
                        .connect("jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database, properties)
                : new org.mariadb.jdbc.Driver()
                        .connect("jdbc:mariadb://127.0.0.1:" + server.port() + "/" + database, properties);
        if (connection == null) {
            throw new IllegalStateException("no driver");
        }
        try (var statement = connection.createStatement()) {
            // What was left open shows as an error, not as silence.
            statement.execute(
                    kind == Kind.POSTGRESQL ? "SET lock_timeout = '5s'" : "SET SESSION lock_wait_timeout = 5");
        }
        return connection;
    }

    Engine engine() {
        return kind == Kind.POSTGRESQL ? Engine.PostgreSQL : Engine.MariaDB;
    }

    /** The same source, asked slowly. */
    SourceManifest limited(SourceManifest declared, SourceManifest.RateLimit limit) {
        var jdbc = (Jdbc) declared.location();
        return declared.at(new Jdbc(
                jdbc.engine(),
                jdbc.host(),
                jdbc.port(),
                jdbc.database(),
                jdbc.query(),
                jdbc.columns(),
                jdbc.format(),
                jdbc.tls(),
                jdbc.credentialsMount(),
                jdbc.caCertificates(),
                limit));
    }

    /** A source of this query, without TLS. */
    SourceManifest declared(String query, Columns columns) {
        return declared(query, columns, server.port(), false, null);
    }

    SourceManifest declared(String query, Columns columns, int port, boolean tls, @Nullable String authorities) {
        var jdbc = new Jdbc(
                engine(),
                "127.0.0.1",
                port,
                NAME,
                query,
                columns,
                Format.text,
                tls,
                "database",
                authorities,
                SourceManifest.RateLimit.NONE);
        return new SourceManifest("articles", jdbc, List.of(), List.of(), null, null);
    }

    @Override
    public void close() {
        server.close();
    }
}
