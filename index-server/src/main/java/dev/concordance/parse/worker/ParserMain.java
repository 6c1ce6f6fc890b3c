package dev.concordance.parse.worker;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.office.OfficeFormats;
import dev.concordance.parse.remote.DoclingReader;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.SynchronousQueue;

/**
 * The process that parses: one document after the other, for as long as there is somebody at the other end of the pipes. One
 * thread does nothing but read, so that it notices the end of the other side, however long a document takes.
 */
public final class ParserMain {
    private static final int GONE = 0;
    private static final int BROKEN = 1;

    private ParserMain() {}

    /** Parses whatever is asked for. */
    interface Reader {
        ParsedDocument read(Exchange.Request request) throws UnreadableDocument, IOException;
    }

    /** Serves until the standard input ends. */
    public static void main(String[] args) {
        serve(request -> switch (request.kind()) {
            case FILE -> file(request.name(), request.bytes());
            case ANSWER -> DoclingReader.read(request.name(), request.bytes());
        });
    }

    private static ParsedDocument file(String name, byte[] bytes) throws UnreadableDocument, IOException {
        return OfficeFormats.isOne(name, bytes) ? OfficeFormats.read(name, bytes) : Parser.parse(name, bytes);
    }

    static void serve(Reader reader) {
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        var in = new DataInputStream(new FileInputStream(FileDescriptor.in));
        // What a library prints is not a reply.
        System.setOut(System.err);
        var requests = new SynchronousQueue<Exchange.Request>();
        Thread.ofPlatform().daemon().name("parse").start(() -> answer(requests, reader, out));
        try {
            while (true) {
                requests.put(Exchange.readRequest(in));
            }
        } catch (IOException | InterruptedException end) {
            Runtime.getRuntime().halt(GONE);
        }
    }

    private static void answer(SynchronousQueue<Exchange.Request> requests, Reader reader, DataOutputStream out) {
        try {
            out.writeInt(Exchange.READY);
            out.flush();
            while (true) {
                var reply = reply(requests.take(), reader);
                out.writeInt(reply.length);
                out.write(reply);
                out.flush();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            Runtime.getRuntime().halt(BROKEN);
        }
    }

    private static byte[] reply(Exchange.Request request, Reader reader) throws IOException {
        try {
            return Exchange.reply(reader.read(request));
        } catch (UnreadableDocument e) {
            return Exchange.reply(e);
        } catch (IOException e) {
            return Exchange.reply(new UnreadableDocument(
                    QuarantineReason.CorruptDocument,
                    "it is broken or cut off: save it again with the program that it is from, or exclude it"));
        } catch (StackOverflowError e) {
            return Exchange.reply(new UnreadableDocument(
                    QuarantineReason.TooDeeplyNested,
                    "its parts are nested too deeply: simplify or exclude the document"));
        } catch (RuntimeException | LinkageError e) {
            return Exchange.reply(new UnreadableDocument(
                    QuarantineReason.ParserFailed,
                    "its parser failed (%s): save it again with the program that it is from, or exclude it"
                            .formatted(e.getClass().getSimpleName())));
        }
    }
}
