package dev.concordance.source;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Opens connections to declared databases. Their properties are ours alone: URLs of drivers can name classes to load and files
 * to send.
 */
final class JdbcConnections {
    private static final int CONNECT_SECONDS = 10;
    private static final int SILENCE_SECONDS = 120;
    private static final String USER = "username";
    private static final String PASSWORD = "password";

    private JdbcConnections() {}

    /**
     * A connection in a transaction that sees one moment and can't write.
     *
     * @param credentials folder of the mounted Secret
     * @param workspace for a file with the certificates to trust
     */
    static Connection open(String source, SourceManifest.Jdbc jdbc, Path credentials, Path workspace)
            throws SQLException, IOException {
        var properties = credentials(source, credentials);
        var connection = switch (jdbc.engine()) {
            case PostgreSQL -> postgresql(source, jdbc, properties, workspace);
            case MariaDB -> mariaDb(jdbc, properties);
        };
        try {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static Connection postgresql(String source, SourceManifest.Jdbc jdbc, Properties properties, Path workspace)
            throws SQLException, IOException {
        properties.setProperty("ApplicationName", "concordance");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", String.valueOf(SILENCE_SECONDS));
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("readOnly", "true");
        properties.setProperty("readOnlyMode", "always");
        // The server knows best what a key given as text is to be compared as.
        properties.setProperty("stringtype", "unspecified");
        properties.setProperty("sslmode", jdbc.tls() ? "verify-full" : "disable");
        if (jdbc.tls() && jdbc.caCertificates() == null) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        } else if (jdbc.tls()) {
            var file = Files.createDirectories(workspace).resolve("jdbc-" + source + "-ca.crt");
            properties.setProperty(
                    "sslrootcert",
                    Files.writeString(file, jdbc.caCertificates()).toString());
        }
        return connect(new org.postgresql.Driver(), "jdbc:postgresql://" + address(jdbc), properties);
    }

    private static Connection mariaDb(SourceManifest.Jdbc jdbc, Properties properties) throws SQLException {
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS * 1_000));
        properties.setProperty("socketTimeout", String.valueOf(SILENCE_SECONDS * 1_000));
        properties.setProperty("connectionAttributes", "program_name:concordance");
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty("permitRedirect", "false");
        properties.setProperty("restrictedAuth", "mysql_native_password,caching_sha2_password,client_ed25519,parsec");
        properties.setProperty("sslMode", jdbc.tls() ? "verify-full" : "disable");
        if (jdbc.tls() && jdbc.caCertificates() != null) {
            properties.setProperty("serverSslCert", jdbc.caCertificates());
        }
        // Its driver takes setReadOnly for a hint.
        properties.setProperty("initSql", "SET SESSION TRANSACTION READ ONLY");
        return connect(new org.mariadb.jdbc.Driver(), "jdbc:mariadb://" + address(jdbc), properties);
    }

    private static String address(SourceManifest.Jdbc jdbc) {
        return jdbc.host() + ":" + jdbc.port() + "/" + jdbc.database();
    }

    private static Connection connect(Driver driver, String url, Properties properties) throws SQLException {
        var connection = driver.connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver doesn't take its own URL");
        }
        return connection;
    }

    private static Properties credentials(String source, Path folder) throws IOException {
        try {
            var properties = new Properties();
            properties.setProperty(
                    "user", Files.readString(folder.resolve(USER)).strip());
            properties.setProperty(
                    "password", Files.readString(folder.resolve(PASSWORD)).stripTrailing());
            return properties;
        } catch (NoSuchFileException e) {
            throw SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "the Secret of jdbc.credentialsSecretRef needs the keys %s and %s".formatted(USER, PASSWORD),
                    e);
        }
    }
}
