package dev.concordance.server;

import dev.concordance.manifest.ManifestJson;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The log of a verb that runs without Quarkus, which otherwise keeps records until it has started: a line of JSON each, as
 * the query server's. Of exceptions only the kind is told, since a message may quote a document.
 */
final class WorkerLog extends Handler {
    /** Tells all of its settings, and every connection that fails; the run tells why it failed. Held, since loggers are forgotten. */
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

    private final PrintStream out;

    private WorkerLog(PrintStream out) {
        this.out = out;
        setFormatter(new SimpleFormatter());
    }

    static void to(PrintStream out) {
        var root = LogManager.getLogManager().getLogger("");
        for (var handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new WorkerLog(out));
        root.setLevel(Level.INFO);
        KAFKA.setLevel(Level.OFF);
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        var line = new LinkedHashMap<String, String>();
        line.put("timestamp", record.getInstant().toString());
        line.put("level", record.getLevel().getName());
        if (record.getLoggerName() != null) {
            line.put("loggerName", record.getLoggerName());
        }
        line.put("message", getFormatter().formatMessage(record));
        if (record.getThrown() != null) {
            line.put("exception", record.getThrown().getClass().getName());
        }
        try {
            out.println(ManifestJson.mapper().writeValueAsString(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {}
}
