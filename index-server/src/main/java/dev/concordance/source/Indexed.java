package dev.concordance.source;

import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A document that a former run has read.
 *
 * @param changeKey as its source gave it then; empty if the source was declared in another way
 */
public record Indexed(String id, String changeKey) {
    /** Keeps them in files. */
    public static final Codec<Indexed> CODEC = new Codec<>() {
        @Override
        public void write(Indexed document, DataOutput out) throws IOException {
            Codec.writeString(document.id(), out);
            Codec.writeString(document.changeKey(), out);
        }

        @Override
        public Indexed read(DataInput in) throws IOException {
            return new Indexed(Codec.readText(in), Codec.readText(in));
        }
    };
}
