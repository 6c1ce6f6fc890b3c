package dev.concordance.source;

import dev.concordance.http.Time;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spool;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query. All of them are listed, and those that differ are read, in one read-only transaction that sees one moment:
 * counted, and then page by page in the order of their keys, so that a listing that lacks rows is never taken for whole.
 */
final class JdbcSource implements Source {
    /** What flags of text have in the rows that stay. */
    private static final Set<String> NOT_DELETED = Set.of("f", "false", "n", "no", "off");

    private static final int PAGE = 1_000;
    private static final int ROWS_AT_ONCE = 100;
    private static final long BYTES_AT_ONCE = 4 << 20;
    private static final int FIRST_METADATA = 5;

    private final SourceManifest source;
    private final SourceManifest.Jdbc jdbc;
    private final Path credentials;
    private final Reading reading;
    private final Throttle throttle;
    private @Nullable Open open;
    private @Nullable FetchedRows fetched;

    /** What lasts from the listing until the rows are fetched. */
    private record Open(Connection connection, JdbcQueries queries, Spools spools) {}

    JdbcSource(SourceManifest source, SourceManifest.Jdbc jdbc, Path credentials, Reading reading) {
        this(source, jdbc, credentials, reading, Time.REAL);
    }

    JdbcSource(SourceManifest source, SourceManifest.Jdbc jdbc, Path credentials, Reading reading, Time time) {
        this.throttle = new Throttle(jdbc.rateLimit(), time);
        this.source = source;
        this.jdbc = jdbc;
        this.credentials = credentials;
        this.reading = reading;
    }

    @Override
    public Listing list(Spools spools, Before before) {
        throttle.stopBy(before.stop());
        return list(spools);
    }

    @Override
    public Listing list(Spools spools) {
        try {
            var opened = open(JdbcConnections.open(source.name(), jdbc, credentials, reading.workspace()), spools);
            open = opened;
            return list(opened);
        } catch (SQLException | IOException e) {
            throw JdbcFailures.explained(source.name(), jdbc, e);
        }
    }

    private Open open(Connection connection, Spools spools) throws SQLException, IOException {
        try {
            throttle.request();
            return new Open(connection, JdbcQueries.of(connection, jdbc, accessColumn()), spools);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Listing list(Open opened) throws SQLException, IOException {
        var collected = new Collected(source, reading, opened.spools());
        var keys = keys(opened, collected);
        var seen = 0L;
        Object last = null;
        while (true) {
            var rows = 0;
            throttle.request();
            try (var page =
                    opened.connection().prepareStatement(opened.queries().page(last == null))) {
                if (last != null) {
                    page.setObject(1, last);
                }
                page.setInt(last == null ? 1 : 2, PAGE);
                try (var results = page.executeQuery()) {
                    while (results.next()) {
                        add(collected, results);
                        last = opened.queries().key(results.getString(1));
                        rows++;
                    }
                }
            }
            seen += rows;
            if (rows < PAGE || seen > keys) {
                requireToldApart(keys, seen);
                return collected.listing();
            }
        }
    }

    /**
     * How many rows there are that have a key. What the database takes for the same key it passes over where a page begins, so that is
     * what must not be there twice, whatever letters it has.
     */
    private long keys(Open opened, Collected collected) throws SQLException, IOException {
        throttle.request();
        try (var statement = opened.connection().createStatement();
                var counts = statement.executeQuery(opened.queries().count())) {
            counts.next();
            var withKey = counts.getLong(2);
            requireToldApart(withKey, counts.getLong(3));
            var without = counts.getLong(1) - withKey;
            if (without > 0) {
                collected.refuse(
                        "rows whose key is NULL",
                        String.valueOf(without),
                        QuarantineReason.MissingId,
                        "%d rows have no %s: give them one, or leave them out in jdbc.query"
                                .formatted(without, jdbc.columns().key()));
            }
            return withKey;
        }
    }

    private void requireToldApart(long rows, long keys) {
        if (rows != keys) {
            throw SourceException.of(
                    source.name(),
                    FailureReason.SourceInvalid,
                    "the query has %d rows and %d different values of %s, so that rows can't be told apart: choose a unique column in jdbc.keyColumn"
                            .formatted(rows, keys, jdbc.columns().key()),
                    null);
        }
    }

    private void add(Collected collected, ResultSet row) throws SQLException {
        var id = row.getString(1);
        var size = row.getLong(2);
        var isMissing = row.wasNull();
        var change = row.getString(3);
        if (isDeleted(row.getObject(4))) {
            collected.passOver();
        } else if (isMissing) {
            collected.refuse(
                    id,
                    change,
                    QuarantineReason.MissingText,
                    "its %s is NULL: fill it, or leave the row out in jdbc.query"
                            .formatted(jdbc.columns().content()));
        } else if (size > reading.maxBytes()) {
            collected.refuse(
                    id,
                    change,
                    QuarantineReason.TooLarge,
                    new OversizedContent(size, reading.maxBytes()).explanation());
        } else {
            collected.add(new Entry.Row(id, change, size, changedAt(row)), id);
        }
    }

    private static @Nullable Instant changedAt(ResultSet row) throws SQLException {
        var millis = row.getLong(5);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static boolean isDeleted(@Nullable Object mark) {
        return switch (mark) {
            case null -> false;
            case Boolean flag -> flag;
            case Number number -> number.doubleValue() != 0;
            case byte[] bits -> !new BigInteger(1, bits).equals(BigInteger.ZERO);
            default -> {
                // Of a time, a text, or the bits that PostgreSQL's driver has no type for.
                var text = mark.toString().strip().toLowerCase(Locale.ROOT);
                yield !NOT_DELETED.contains(text) && text.chars().anyMatch(c -> c != '0');
            }
        };
    }

    @Override
    public void fetch(Iterator<Entry> entries) {
        var opened = Objects.requireNonNull(open, "the source has been listed");
        try (var rows = opened.spools().onDisk(FetchedRows.CODEC)) {
            var batch = new ArrayList<Entry.Row>();
            var bytes = 0L;
            while (entries.hasNext()) {
                if (entries.next() instanceof Entry.Row row) {
                    batch.add(row);
                    bytes += row.length();
                }
                if (batch.size() == ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) {
                    read(opened, batch, rows);
                    batch.clear();
                    bytes = 0;
                }
            }
            read(opened, batch, rows);
            fetched = new FetchedRows(rows.end());
            close();
        } catch (SQLException | IOException e) {
            throw JdbcFailures.explained(source.name(), jdbc, e);
        }
    }

    private void read(Open opened, List<Entry.Row> batch, Spool<FetchedRows.Row> into)
            throws SQLException, IOException {
        if (batch.isEmpty()) {
            return;
        }
        throttle.request();
        var read = new TreeMap<String, FetchedRows.Row>();
        try (var statement =
                opened.connection().prepareStatement(opened.queries().rows(batch.size()))) {
            for (var i = 0; i < batch.size(); i++) {
                statement.setObject(i + 1, opened.queries().key(batch.get(i).id()));
            }
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    // The transaction sees what was listed, whatever others have written since.
                    var held = new Content.Held(json(rows), true);
                    read.put(rows.getString(1), new FetchedRows.Row(rows.getString(1), held));
                }
            }
        }
        read.values().forEach(into::add);
    }

    private byte[] json(ResultSet row) throws SQLException, IOException {
        var json = ManifestJson.mapper().createObjectNode();
        json.put("text", row.getString(2)).put("title", row.getString(3)).put("uri", row.getString(4));
        var metadata = json.putObject("metadata");
        var columns = new ArrayList<>(jdbc.columns().metadata());
        var access = accessColumn();
        if (access != null) {
            columns.add(access);
        }
        for (var i = 0; i < columns.size(); i++) {
            var value = row.getObject(FIRST_METADATA + i);
            if (value != null) {
                metadata.set(columns.get(i), ManifestJson.mapper().valueToTree(plain(value)));
            }
        }
        return ManifestJson.mapper().writeValueAsBytes(json);
    }

    private @Nullable String accessColumn() {
        var access = source.access();
        return access == null ? null : access.field();
    }

    private static Object plain(Object value) throws SQLException {
        return switch (value) {
            case Number number -> number;
            case Boolean flag -> flag;
            case Array array ->
                Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
            case java.sql.Timestamp time -> time.toInstant().toString();
            default -> String.valueOf(value);
        };
    }

    @Override
    public Content content(Entry.Stored entry) {
        var rows = Objects.requireNonNull(fetched, "the rows have been fetched");
        return rows.content(entry.id(), entry.size().orElseThrow());
    }

    @Override
    public void close() {
        var opened = open;
        open = null;
        if (opened != null) {
            try {
                opened.connection().close();
            } catch (SQLException e) {
                throw JdbcFailures.explained(source.name(), jdbc, e);
            }
        }
    }
}
