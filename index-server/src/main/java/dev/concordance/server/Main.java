package dev.concordance.server;

import dev.concordance.ingest.IngestCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The program {@code index-server}: one image, several verbs. */
@QuarkusMain
public final class Main {
    private static final int USAGE = 64;

    private Main() {}

    /** Runs the verb that the first argument names. */
    public static void main(String[] args) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var verb = args.length == 0 ? "" : args[0];
        switch (verb) {
            case "ingest" -> System.exit(ingest(args, out));
            case "serve" -> Quarkus.run(args);
            default -> {
                out.println("usage: index-server ingest|serve --name value …");
                System.exit(USAGE);
            }
        }
    }

    private static int ingest(String[] args, PrintStream out) {
        try {
            var arguments = new Arguments(args, 1);
            return IngestCommand.run(arguments.path("run"), arguments.path("workspace"), arguments::mount, out);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            return USAGE;
        }
    }
}
