package dev.concordance.source;

import dev.concordance.manifest.SourceManifest.Jdbc;
import dev.concordance.manifest.SourceManifest.Jdbc.Engine;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The statements that read a declared query, whose columns are named as the database names them. */
final class JdbcQueries {
    private static final Set<Integer> INTEGERS = Set.of(Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT);
    private static final Set<Integer> DECIMALS = Set.of(Types.DECIMAL, Types.NUMERIC);

    private static final int LONGEST_LONG = 19;

    private final Jdbc jdbc;
    private final @Nullable String access;
    private final Map<String, String> names;
    private final int keyType;
    private final String changeType;

    private JdbcQueries(Jdbc jdbc, @Nullable String access, Map<String, String> names, int keyType, String changeType) {
        this.jdbc = jdbc;
        this.access = access;
        this.names = names;
        this.keyType = keyType;
        this.changeType = changeType;
    }

    /**
     * Asks the database which columns the query has; throws if one that is declared isn't among them.
     *
     * @param access column that says who may see a row; null: there is none
     */
    static JdbcQueries of(Connection connection, Jdbc jdbc, @Nullable String access) throws SQLException {
        var names = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        var types = new TreeMap<String, Integer>(String.CASE_INSENSITIVE_ORDER);
        var typeNames = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        try (var statement = connection.createStatement();
                var nothing = statement.executeQuery("SELECT * FROM " + table(jdbc) + " WHERE 1 = 0")) {
            var columns = nothing.getMetaData();
            for (var column = 1; column <= columns.getColumnCount(); column++) {
                names.put(columns.getColumnLabel(column), columns.getColumnLabel(column));
                types.put(columns.getColumnLabel(column), columns.getColumnType(column));
                typeNames.put(columns.getColumnLabel(column), columns.getColumnTypeName(column));
            }
        }
        for (var declared : declared(jdbc, access)) {
            if (!names.containsKey(declared)) {
                throw new SQLSyntaxErrorException(
                        "the query has no column %s; it has %s".formatted(declared, String.join(", ", names.values())),
                        "42703");
            }
        }
        var change = jdbc.columns().change();
        return new JdbcQueries(
                jdbc,
                access,
                names,
                types.getOrDefault(jdbc.columns().key(), Types.VARCHAR),
                change == null ? "" : typeNames.getOrDefault(change, ""));
    }

    /**
     * A page of keys, in their order, each with the size of its content in bytes, what tells a change, the mark of deletion, and when
     * it was changed, in milliseconds: parameters are the last key, unless it is the first page, and the number of rows.
     */
    String page(boolean first) {
        var columns = jdbc.columns();
        return "SELECT %s, OCTET_LENGTH(%s), %s, %s, %s FROM %s WHERE %s ORDER BY %s LIMIT ?"
                .formatted(
                        name(columns.key()),
                        text(columns.content()),
                        change(),
                        columns.deleted() == null ? "NULL" : name(columns.deleted()),
                        changedAt(),
                        table(jdbc),
                        first ? name(columns.key()) + " IS NOT NULL" : name(columns.key()) + " > ?",
                        name(columns.key()));
    }

    /** How many rows there are, how many of them have a key, and how many keys there are that the database tells apart. */
    String count() {
        return "SELECT COUNT(*), COUNT(%1$s), COUNT(DISTINCT %1$s) FROM %2$s"
                .formatted(name(jdbc.columns().key()), table(jdbc));
    }

    /** Key, content, title, URI, metadata, and who may see them, of the rows with so many keys. */
    String rows(int keys) {
        var columns = jdbc.columns();
        var read = new ArrayList<String>();
        read.add(name(columns.key()));
        read.add(text(columns.content()));
        read.add(columns.title() == null ? "NULL" : text(columns.title()));
        read.add(columns.uri() == null ? "NULL" : text(columns.uri()));
        columns.metadata().forEach(column -> read.add(name(column)));
        if (access != null) {
            read.add(name(access));
        }
        return "SELECT %s FROM %s WHERE %s IN (%s)"
                .formatted(
                        String.join(", ", read),
                        table(jdbc),
                        name(columns.key()),
                        String.join(", ", Collections.nCopies(keys, "?")));
    }

    /** A document's id as its key is compared; throws NumberFormatException if the id is none of that type. */
    Object key(String id) {
        if (INTEGERS.contains(keyType) && id.length() < LONGEST_LONG) {
            return Long.valueOf(id);
        }
        return INTEGERS.contains(keyType) || DECIMALS.contains(keyType) ? new BigDecimal(id) : id;
    }

    /**
     * The row's version where one is declared and known, else a digest of all that is read of it. Who may see it may come from
     * elsewhere and change without the version, so it has a digest of its own.
     */
    private String change() {
        var columns = jdbc.columns();
        var digest = digest(columns.read());
        var change = columns.change() == null ? digest : "COALESCE(" + text(columns.change()) + ", " + digest + ")";
        return access == null ? change : "CONCAT(" + change + ", '/', " + digest(List.of(access)) + ")";
    }

    /**
     * The instant that the row's version is. A column without a time zone is a different instant wherever it is read, and so is
     * none; the database computes it, so that no session's zone takes part.
     */
    private String changedAt() {
        var change = jdbc.columns().change();
        return switch (jdbc.engine()) {
            case PostgreSQL ->
                change != null && changeType.equalsIgnoreCase("timestamptz")
                        ? "CASE WHEN ISFINITE(%1$s) THEN CAST(EXTRACT(EPOCH FROM %1$s) * 1000 AS BIGINT) END"
                                .formatted(name(change))
                        : "NULL";
            case MariaDB ->
                change != null && changeType.equalsIgnoreCase("TIMESTAMP")
                        ? "CAST(UNIX_TIMESTAMP(%s) * 1000 AS SIGNED)".formatted(name(change))
                        : "NULL";
        };
    }

    private String digest(List<String> columns) {
        var parts = columns.stream()
                .map(column -> "COALESCE(" + text(column) + ", '')")
                .toList();
        return switch (jdbc.engine()) {
            case PostgreSQL ->
                "ENCODE(SHA256(CONVERT_TO(CONCAT_WS(CHR(31), %s), 'UTF8')), 'hex')".formatted(String.join(", ", parts));
            case MariaDB -> "SHA2(CONCAT_WS(CHAR(31), %s), 256)".formatted(String.join(", ", parts));
        };
    }

    private String text(String column) {
        return "CAST(%s AS %s)".formatted(name(column), jdbc.engine() == Engine.PostgreSQL ? "TEXT" : "CHAR");
    }

    private String name(String column) {
        var quote = jdbc.engine() == Engine.PostgreSQL ? "\"" : "`";
        return quote + names.getOrDefault(column, column).replace(quote, quote + quote) + quote;
    }

    private static String table(Jdbc jdbc) {
        // A line of its own, for the query may end with a comment.
        return "(" + jdbc.query() + "\n) AS concordance_rows";
    }

    private static List<String> declared(Jdbc jdbc, @Nullable String access) {
        var columns = jdbc.columns();
        return Stream.concat(
                        Stream.of(columns.key(), columns.change(), columns.deleted(), access)
                                .filter(Objects::nonNull),
                        columns.read().stream())
                .toList();
    }
}
