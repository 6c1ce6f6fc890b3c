package dev.concordance.parse.worker;

import com.sun.management.OperatingSystemMXBean;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Parses documents of binary and intricate formats in a process of its own, which is started for the first of them and used for many. It is
 * killed when a document takes too long, or when its answer is none, and the next document gets another one.
 */
public final class ParserProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGEST_HEAP_MEGABYTES = 256;
    private static final int PART_OF_THE_MEMORY = 8;

    private final Bounds bounds;
    private final String program;
    private final Path workspace;
    private @Nullable Child child;

    /**
     * What one document may cost.
     *
     * @param patience until it is given up
     * @param heapMegabytes what its parser may keep in memory
     */
    record Bounds(Duration patience, int heapMegabytes) {}

    /** @param workspace a folder for the files of the process */
    public ParserProcess(Path workspace) {
        this(workspace, new Bounds(PATIENCE, heapMegabytes()), ParserMain.class.getName());
    }

    ParserProcess(Path workspace, Bounds bounds, String program) {
        this.workspace = workspace;
        this.bounds = bounds;
        this.program = program;
    }

    /** A pod with less memory than usual gives less of it. */
    private static int heapMegabytes() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) Math.min(LARGEST_HEAP_MEGABYTES, (system.getTotalMemorySize() >> 20) / PART_OF_THE_MEMORY);
    }

    /**
     * Parses a document; an IOException means that no process can be had, which is not the document's fault.
     *
     * @param name of the file, which becomes the title of a document that has none
     */
    public ParsedDocument parse(String name, byte[] bytes) throws UnreadableDocument, IOException {
        return parse(new Exchange.Request(Exchange.Kind.FILE, name, bytes));
    }

    /** The same of what a service made of a file of this name. */
    public ParsedDocument parseAnswer(String name, byte[] answer) throws UnreadableDocument, IOException {
        return parse(new Exchange.Request(Exchange.Kind.ANSWER, name, answer));
    }

    private synchronized ParsedDocument parse(Exchange.Request request) throws UnreadableDocument, IOException {
        try {
            return exchange(request);
        } catch (Child.Ended e) {
            throw new UnreadableDocument(
                    QuarantineReason.ParserCrashed,
                    "the process that parses it ended (%s); it may have %d MiB of memory: divide, simplify or exclude the document"
                            .formatted(e.getMessage(), bounds.heapMegabytes()));
        } catch (Child.Late e) {
            throw new UnreadableDocument(
                    QuarantineReason.ParserTimeout,
                    "it was not parsed within %d s: divide, simplify or exclude the document"
                            .formatted(bounds.patience().toSeconds()));
        }
    }

    private ParsedDocument exchange(Exchange.Request request)
            throws UnreadableDocument, Child.Ended, Child.Late, IOException {
        var used = child != null && child.isAlive();
        try {
            return running().exchange(request, bounds.patience());
        } catch (Child.Ended e) {
            if (!used) {
                throw e;
            }
            // Documents before it may have left the process in a bad way: only a new one condemns a document.
            return running().exchange(request, bounds.patience());
        }
    }

    private Child running() throws IOException {
        if (child == null || !child.isAlive()) {
            child = Child.start(program, bounds.heapMegabytes(), workspace);
        }
        return child;
    }

    @Override
    public synchronized void close() {
        if (child != null) {
            child.close();
        }
    }
}
