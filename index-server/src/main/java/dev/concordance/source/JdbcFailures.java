package dev.concordance.source;

import dev.concordance.manifest.Causes;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.tls.Authorities;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * What the failure of a conversation with a database means to the user, by the class of its SQLSTATE (ISO/IEC 9075, 24.1). A
 * database's own words are told only where they can't quote a row.
 */
final class JdbcFailures {
    private static final Set<String> REFUSED_STATES = Set.of("42501");
    /** MariaDB has these among mistakes: a database, a table, a column, a procedure that the user may not read, a wrong password. */
    private static final Set<Integer> REFUSED_ERRORS = Set.of(1044, 1045, 1142, 1143, 1370);

    private static final Set<String> REFUSED = Set.of("28");
    private static final Set<String> MISTAKEN = Set.of("3D", "42", "22", "25", "0A");
    private static final Set<String> QUOTING = Set.of("22");

    private JdbcFailures() {}

    static SourceException explained(String source, SourceManifest.Jdbc jdbc, Exception e) {
        var place = "%s at %s:%d".formatted(jdbc.database(), jdbc.host(), jdbc.port());
        if (Causes.has(e, SSLException.class) || isTls(e)) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnreachable,
                    Authorities.remedy(place, e, "jdbc.caConfigMapRef, or write jdbc.tls: Disabled"),
                    e);
        }
        if (!(e instanceof SQLException failed) || failed.getSQLState() == null) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnreachable,
                    "%s can't be read: %s".formatted(place, Causes.told(e)),
                    e);
        }
        return told(source, place, failed);
    }

    private static SourceException told(String source, String place, SQLException e) {
        var state = e.getSQLState();
        var kind = state.substring(0, Math.min(2, state.length()));
        if (REFUSED.contains(kind) || REFUSED_STATES.contains(state) || REFUSED_ERRORS.contains(e.getErrorCode())) {
            return SourceException.of(
                    source,
                    FailureReason.SourceUnauthorized,
                    "%s refuses the user of jdbc.credentialsSecretRef, or what the query reads: %s"
                            .formatted(place, words(e)),
                    e);
        }
        if (MISTAKEN.contains(kind)) {
            var words = QUOTING.contains(kind) ? "a value can't be converted (SQLSTATE " + state + ")" : words(e);
            return SourceException.of(
                    source,
                    FailureReason.SourceInvalid,
                    "%s can't answer the query: correct jdbc.database, jdbc.query or its columns; %s"
                            .formatted(place, words),
                    e);
        }
        return SourceException.of(
                source,
                FailureReason.SourceUnreachable,
                "%s can't be read (SQLSTATE %s): %s".formatted(place, state, Causes.told(e)),
                e);
    }

    /** PostgreSQL's driver says so in words only. */
    private static boolean isTls(Exception e) {
        var words = String.valueOf(e.getMessage());
        return e instanceof SQLException failed
                && String.valueOf(failed.getSQLState()).startsWith("08")
                && (words.contains("SSL") || words.contains("hostnameverifier"));
    }

    private static String words(SQLException e) {
        // MariaDB's driver counts connections.
        return String.valueOf(e.getMessage())
                .replaceFirst("^\\(conn=[0-9]+\\) ", "")
                .lines()
                .findFirst()
                .orElse("")
                .strip();
    }
}
