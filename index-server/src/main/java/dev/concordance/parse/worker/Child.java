package dev.concordance.parse.worker;

import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process, from its start to its end. */
final class Child implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final Duration END = Duration.ofSeconds(10);
    /** Of a JVM with the option ExitOnOutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 3;

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;

    /** It has ended, or what it said was no answer. */
    static final class Ended extends Exception {
        private static final long serialVersionUID = 1;

        Ended(String message) {
            super(message);
        }
    }

    /** It didn't answer in time. */
    static final class Late extends Exception {
        private static final long serialVersionUID = 1;
    }

    private Child(Process process) {
        this.process = process;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.in = new DataInputStream(process.getInputStream());
    }

    /**
     * Starts it without the environment, which may hold secrets, and with a folder of its own for temporary files. It reads the
     * paths that it is given as this process writes them.
     */
    static Child start(String program, int heapMegabytes, Path workspace) throws IOException {
        var folder = Files.createDirectories(workspace.resolve("parser"));
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMegabytes + "m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:MaxMetaspaceSize=96m",
                        "-XX:MaxDirectMemorySize=16m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:-UsePerfData",
                        "-Djava.awt.headless=true",
                        "-Djava.io.tmpdir=" + folder.toAbsolutePath(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        var child = new Child(builder.start());
        try {
            child.awaitReady();
            return child;
        } catch (Ended | Late e) {
            throw new IOException("the process that parses documents doesn't start", e);
        }
    }

    private void awaitReady() throws Ended, Late, IOException {
        if (within(START, in::readInt) != Exchange.READY) {
            close();
            throw new Ended("it greets with something else");
        }
    }

    ParsedDocument exchange(Exchange.Request request, Duration patience)
            throws UnreadableDocument, Ended, Late, IOException {
        var reply = within(patience, () -> {
            Exchange.write(request, out);
            return Exchange.readReply(in);
        });
        try {
            return Exchange.document(reply);
        } catch (IOException | RuntimeException e) {
            close();
            throw new Ended("its answer was none");
        }
    }

    /** Does what the process may leave undone, or keep waiting for too long; then it is of no more use. */
    private <T> T within(Duration patience, Callable<T> work) throws Ended, Late, IOException {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().name("parser-pipe").start(task);
        try {
            return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Late();
        } catch (ExecutionException e) {
            throw new Ended(lastWords());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a document was parsed");
        } finally {
            if (!task.state().equals(Future.State.SUCCESS)) {
                close();
            }
        }
    }

    /** One whose pipe has broken has ended, or is about to. So has a JVM without memory, whose last words are no answer. */
    private String lastWords() {
        if (!awaitEnd(LAST_WORDS)) {
            return "its answer was none";
        }
        return process.exitValue() == OUT_OF_MEMORY ? "out of memory" : "exit code " + process.exitValue();
    }

    private boolean awaitEnd(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** An interrupt doesn't keep this from waiting: a process that is killed ends at once, and never lives beside the next one. */
    @Override
    public void close() {
        process.destroyForcibly();
        var interrupted = Thread.interrupted();
        awaitEnd(END);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
