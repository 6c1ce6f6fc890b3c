package dev.concordance.server;

import dev.concordance.evaluation.EvaluateCommand;
import dev.concordance.evaluation.StarterCommand;
import dev.concordance.index.Shard;
import dev.concordance.ingest.IngestCommand;
import dev.concordance.ingest.StopSignal;
import dev.concordance.inlet.InletResource;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The program {@code index-server}: one image, several verbs. */
@QuarkusMain
public final class Main {
    /** The property that says which verb runs. */
    static final String ROLE = "concordance.role";

    static final String SERVE = "serve";
    static final String INLET = "inlet";

    /** Set by the Job controller in each pod of an Indexed Job. */
    private static final String SHARD = "JOB_COMPLETION_INDEX";

    private static final int USAGE = 64;
    private static final int INTERRUPTED = 1;

    private Main() {}

    /** Runs the verb that the first argument names. */
    public static void main(String[] args) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var verb = args.length == 0 ? "" : args[0];
        switch (verb) {
            case "ingest" -> {
                Thread.setDefaultUncaughtExceptionHandler(new UnheardErrors(Runtime.getRuntime()::halt));
                var stop = new StopSignal();
                Termination.by(stop::give, INTERRUPTED).exit(ingest(args, out, stop));
            }
            case SERVE -> answer(args, out);
            case INLET -> {
                System.setProperty("quarkus.http.limits.max-body-size", String.valueOf(InletResource.BODY_BYTES));
                answer(args, out);
            }
            case "evaluate" -> System.exit(evaluate(args, out));
            default -> {
                out.println("usage: index-server ingest|serve|inlet|evaluate --name value …");
                System.exit(USAGE);
            }
        }
    }

    /** Answers requests until the process is told to end. */
    private static void answer(String[] args, PrintStream out) {
        System.setProperty(ROLE, args[0]);
        try {
            var drain = new Arguments(args, 1).value("drain", "");
            if (!drain.isEmpty()) {
                System.setProperty("quarkus.shutdown.timeout", Integer.parseInt(drain) + "s");
            }
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            System.exit(USAGE);
        }
        Quarkus.run(args);
    }

    private static int ingest(String[] args, PrintStream out, StopSignal stop) {
        WorkerLog.to(out);
        try {
            var arguments = new Arguments(args, 1);
            var health = arguments.value("health", "");
            var start = new IngestCommand.Start(
                    arguments.path("run"),
                    arguments.path("workspace"),
                    arguments::mount,
                    shard(arguments),
                    health.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(health)));
            return IngestCommand.run(start, out, stop);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
            return USAGE;
        }
    }

    private static @Nullable Shard shard(Arguments arguments) {
        var shards = Integer.parseInt(arguments.value("shards", "0"));
        if (shards == 0) {
            return null;
        }
        var number = System.getenv(SHARD);
        if (number == null) {
            throw new IllegalArgumentException(SHARD + " is not set: with --shards it says which of them this is");
        }
        return new Shard(Integer.parseInt(number), shards);
    }

    private static int evaluate(String[] args, PrintStream out) {
        try {
            if (args.length > 1 && args[1].equals("init")) {
                var arguments = new Arguments(args, 2);
                return StarterCommand.run(
                        arguments.path("documents"), Integer.parseInt(arguments.value("at-most", "200")), out);
            }
            return EvaluateCommand.run(EvaluateArguments.parse(new Arguments(args, 1)), out);
        } catch (IllegalArgumentException | IOException e) {
            out.println(e.getMessage());
            return USAGE;
        }
    }
}
