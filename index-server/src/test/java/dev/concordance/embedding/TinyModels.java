package dev.concordance.embedding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * ONNX models of a few nodes, written as the protocol buffers that they are (onnx.proto): they cast the ids to floats and
 * repeat them along a last axis, which is shape enough for a test.
 */
final class TinyModels {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private TinyModels() {}

    /** A model with these inputs, whose output has so many dimensions and this name. */
    static byte[] encoder(List<String> inputs, String output, int dimensions) {
        var graph = new Message()
                .message(
                        1,
                        node(
                                "Cast",
                                List.of(inputs.getFirst()),
                                "floats",
                                new Message().text(1, "to").number(3, FLOAT).number(20, 2)))
                .message(1, node("Unsqueeze", List.of("floats", "axes"), "column", null))
                .message(1, node("Expand", List.of("column", "shape"), output, null))
                .text(2, "tiny")
                .message(5, constant("axes", new long[] {2}))
                .message(5, constant("shape", new long[] {1, 1, dimensions}));
        inputs.forEach(input -> graph.message(11, value(input, INT64, List.of("batch", "length"))));
        graph.message(12, value(output, FLOAT, List.of("batch", "length", String.valueOf(dimensions))));
        return new Message()
                .number(1, 8)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, 13))
                .bytes();
    }

    private static Message node(
            String type, List<String> inputs, String output, @org.jspecify.annotations.Nullable Message attribute) {
        var node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, type);
        return attribute == null ? node : node.message(5, attribute);
    }

    private static Message constant(String name, long[] values) {
        var constant = new Message().number(1, values.length).number(2, INT64).text(8, name);
        for (var value : values) {
            constant.number(7, value);
        }
        return constant;
    }

    private static Message value(String name, int type, List<String> axes) {
        var shape = new Message();
        for (var axis : axes) {
            var isNumber = Character.isDigit(axis.charAt(0));
            shape.message(1, isNumber ? new Message().number(1, Long.parseLong(axis)) : new Message().text(2, axis));
        }
        return new Message()
                .text(1, name)
                .message(
                        2,
                        new Message().message(1, new Message().number(1, type).message(2, shape)));
    }

    /** Fields in the wire format of protocol buffers. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint(field << 3);
            varint(value);
            return this;
        }

        Message text(int field, String value) {
            return raw(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return raw(field, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private Message raw(int field, byte[] bytes) {
            varint(field << 3 | 2);
            varint(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        private void varint(long value) {
            var rest = value;
            while (rest > 0x7F) {
                out.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
