package dev.concordance.source;

import dev.concordance.spool.Codec;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows in the order of ids. They are read in that order, so one pass over the file finds them all. For many threads. */
final class FetchedRows {
    private final Sequence<Row> rows;
    private @Nullable Cursor<Row> cursor;

    /**
     * A row.
     *
     * @param held JSON with {@code text}, {@code title}, {@code uri} and {@code metadata}
     */
    record Row(String id, Content.Held held) {}

    static final Codec<Row> CODEC = new Codec<>() {
        @Override
        public void write(Row row, DataOutput out) throws IOException {
            Codec.writeString(row.id(), out);
            out.writeBoolean(row.held().isListed());
            out.writeInt(row.held().bytes().length);
            out.write(row.held().bytes());
        }

        @Override
        public Row read(DataInput in) throws IOException {
            var id = Codec.readText(in);
            var isListed = in.readBoolean();
            var json = new byte[in.readInt()];
            in.readFully(json);
            return new Row(id, new Content.Held(json, isListed));
        }
    };

    FetchedRows(Sequence<Row> rows) {
        this.rows = rows;
    }

    /** What the row of this id holds. */
    Content content(String id, long size) {
        return new Content() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public byte[] read() throws IOException {
                return held().bytes();
            }

            @Override
            public Held held() throws IOException {
                return find(id);
            }
        };
    }

    private synchronized Content.Held find(String id) throws IOException {
        var row = seek(id, false);
        if (row == null) {
            row = seek(id, true);
        }
        if (row == null) {
            throw new VanishedContent(new IOException("the query gives no such row any more"));
        }
        return row.held();
    }

    private @Nullable Row seek(String id, boolean fromTheBeginning) {
        var at = cursor;
        if (at == null || fromTheBeginning) {
            if (at != null) {
                at.close();
            }
            at = rows.open();
            cursor = at;
        }
        return at.seek(row -> row.id().compareTo(id));
    }
}
