package dev.concordance.parse.worker;

import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.office.OfficeFormats;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;

/** The process that parses, with documents in it that do by their names what hostile ones make parsers do. */
final class MisbehavingParser {
    private static final int EXIT_CODE = 42;

    private MisbehavingParser() {}

    public static void main(String[] args) {
        ParserMain.serve(MisbehavingParser::read);
    }

    private static ParsedDocument read(Exchange.Request request) throws UnreadableDocument, IOException {
        var name = request.name();
        var bytes = request.bytes();
        switch (name) {
            case "loops" -> loop();
            case "eats" -> eat();
            case "exits" -> Runtime.getRuntime().halt(EXIT_CODE);
            case "recurses" -> recurse(0);
            case "fails" ->
                throw new IllegalStateException(
                        "with what it was given: " + new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
            case "prints" -> System.out.println("a library says something");
            case "rubbish" -> write(0, 0, 0, 3, 9, 9, 9);
            case "endless" -> write(0x7F, 0xFF, 0xFF, 0xFF);
            case "environment" -> {
                return OfficeFormats.read(String.join(" ", System.getenv().keySet()) + ".", bytes);
            }
            default -> {}
        }
        return OfficeFormats.read(name, bytes);
    }

    private static void loop() {
        for (var i = 0L; i < Long.MAX_VALUE; i += i % 2 == 0 ? 2 : 1) {
            Thread.onSpinWait();
        }
    }

    private static void eat() {
        var eaten = new ArrayList<byte[]>();
        while (eaten.size() < Integer.MAX_VALUE) {
            eaten.add(new byte[1 << 20]);
        }
    }

    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private static void write(int... bytes) throws IOException {
        var out = new FileOutputStream(FileDescriptor.out);
        for (var one : bytes) {
            out.write(one);
        }
    }
}
