package dev.concordance.parse.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.Block;
import dev.concordance.parse.Origin;
import dev.concordance.parse.Pages;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.Words;
import dev.concordance.spool.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What goes through the pipes: a request is a name and bytes, a reply is a document or why it isn't read. Each is preceded by
 * its length. The process says {@link #READY} once, when it has started.
 */
final class Exchange {
    static final int READY = 0xC04C_0001;
    static final int LARGEST_REPLY = 32 << 20;

    private static final int DOCUMENT = 1;
    private static final int REFUSAL = 2;
    private static final int MOST_HEADINGS = 20;
    private static final int BYTES_OF_A_RANGE = 2 * Integer.BYTES;
    private static final int BYTES_OF_A_BLOCK = 3 * Integer.BYTES + 2;
    private static final int LONGEST_EXPLANATION = 500;

    private static final Block.Kind[] KINDS = Block.Kind.values();
    private static final TypeReference<Map<String, Object>> METADATA = new TypeReference<>() {};

    private Exchange() {}

    /** What bytes are. */
    enum Kind {
        /** A file of one of the formats. */
        FILE,
        /** What a service made of a file. */
        ANSWER
    }

    /** A document to be parsed. */
    record Request(Kind kind, String name, byte[] bytes) {}

    static void write(Request request, DataOutputStream out) throws IOException {
        out.writeByte(request.kind().ordinal());
        Codec.writeString(request.name(), out);
        out.writeInt(request.bytes().length);
        out.write(request.bytes());
        out.flush();
    }

    static Request readRequest(DataInputStream in) throws IOException {
        var kind = Kind.values()[in.readUnsignedByte()];
        var name = Codec.readText(in);
        var bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new Request(kind, name, bytes);
    }

    static byte[] reply(ParsedDocument document) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(DOCUMENT);
        Codec.writeString(document.text(), out);
        Codec.writeString(document.title(), out);
        Codec.writeString(ManifestJson.mapper().writeValueAsString(document.metadata()), out);
        out.writeInt(document.pages().starts().size());
        for (var start : document.pages().starts()) {
            out.writeInt(start);
        }
        out.writeInt(document.hidden().size());
        for (var range : document.hidden()) {
            out.writeInt(range.start());
            out.writeInt(range.end());
        }
        out.writeInt(document.blocks().size());
        var headings = List.<String>of();
        for (var block : document.blocks()) {
            out.writeByte(block.kind().ordinal());
            out.writeInt(block.start());
            out.writeInt(block.end());
            out.writeInt(block.section());
            out.writeBoolean(block.headings().equals(headings));
            if (!block.headings().equals(headings)) {
                headings = block.headings();
                out.writeInt(headings.size());
                for (var heading : headings) {
                    Codec.writeString(heading, out);
                }
            }
            if (out.size() > LARGEST_REPLY) {
                break;
            }
        }
        return bytes.size() > LARGEST_REPLY
                ? reply(new UnreadableDocument(
                        QuarantineReason.TooLarge, "its text and headings are too much: divide or exclude it"))
                : bytes.toByteArray();
    }

    static byte[] reply(UnreadableDocument refusal) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(REFUSAL);
        Codec.writeString(refusal.reason().name(), out);
        Codec.writeString(refusal.getMessage(), out);
        return bytes.toByteArray();
    }

    static byte[] readReply(DataInputStream in) throws IOException {
        var length = in.readInt();
        check(length >= 0 && length <= LARGEST_REPLY);
        var bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    /** Throws an IOException, or an unchecked one, for what is no reply. */
    static ParsedDocument document(byte[] reply) throws UnreadableDocument, IOException {
        var in = new DataInputStream(new ByteArrayInputStream(reply));
        return switch (in.readUnsignedByte()) {
            case DOCUMENT -> document(in);
            case REFUSAL -> throw refusal(in);
            default -> throw new IOException("no reply begins so");
        };
    }

    private static UnreadableDocument refusal(DataInputStream in) throws IOException {
        var reason = QuarantineReason.valueOf(text(in));
        var message = text(in);
        check(message.length() <= LONGEST_EXPLANATION);
        return new UnreadableDocument(reason, message);
    }

    private static ParsedDocument document(DataInputStream in) throws UnreadableDocument, IOException {
        var text = text(in);
        var title = text(in);
        var metadata = metadata(text(in));
        var pages = pages(in, text.codePointCount(0, text.length()));
        var hidden = hidden(in, text.length());
        var count = count(in, in.available() / BYTES_OF_A_BLOCK);
        var blocks = new ArrayList<Block>(count);
        var headings = List.<String>of();
        for (var i = 0; i < count; i++) {
            var kind = KINDS[in.readUnsignedByte()];
            var start = in.readInt();
            var end = in.readInt();
            var section = in.readInt();
            headings = in.readBoolean() ? headings : headings(in);
            var before = blocks.isEmpty() ? new Block(kind, 0, 0, 0, List.of()) : blocks.getLast();
            check(start >= before.end() && start < end && end <= text.length() && section >= before.section());
            blocks.add(new Block(kind, start, end, section, headings));
        }
        return ParsedDocument.ofDecoded(text, title, blocks, pages, hidden).with(null, metadata);
    }

    private static List<Origin.Range> hidden(DataInputStream in, int length) throws IOException {
        var hidden = new ArrayList<Origin.Range>();
        for (var left = count(in, in.available() / BYTES_OF_A_RANGE); left > 0; left--) {
            var range = new Origin.Range(in.readInt(), in.readInt());
            check(range.start() >= 0 && range.start() < range.end() && range.end() <= length);
            hidden.add(range);
        }
        return hidden;
    }

    private static Pages pages(DataInputStream in, int length) throws IOException {
        var starts = new ArrayList<Integer>();
        for (var left = count(in, in.available() / Integer.BYTES); left > 0; left--) {
            var start = in.readInt();
            check(start >= (starts.isEmpty() ? 0 : starts.getLast()) && start <= length);
            starts.add(start);
        }
        return new Pages(starts);
    }

    private static List<String> headings(DataInputStream in) throws IOException {
        var headings = new ArrayList<String>();
        for (var left = count(in, MOST_HEADINGS); left > 0; left--) {
            var heading = text(in);
            check(heading.length() <= Words.LONGEST_SCREENED);
            headings.add(heading);
        }
        return List.copyOf(headings);
    }

    private static Map<String, Object> metadata(String json) throws IOException {
        try {
            return ManifestJson.mapper().readValue(json, METADATA);
        } catch (JsonProcessingException e) {
            throw new IOException("no metadata is written so", e);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        in.mark(0);
        var length = in.readInt();
        check(length >= 0 && length <= in.available());
        in.reset();
        return Codec.readText(in);
    }

    private static int count(DataInputStream in, int most) throws IOException {
        var count = in.readInt();
        check(count >= 0 && count <= most);
        return count;
    }

    private static void check(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("no document is so");
        }
    }
}
