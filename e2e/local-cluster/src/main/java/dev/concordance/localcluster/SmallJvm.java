package dev.concordance.localcluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of this module's own long-lived processes: on the JVM that runs now, with as little memory as does. */
final class SmallJvm {
    private SmallJvm() {}

    /** Runs a class of this module; {@code root} is the project's folder. */
    static List<String> command(Path root, Class<?> program, List<String> arguments) {
        var target = root.resolve("e2e/local-cluster/target").toAbsolutePath();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:MaxMetaspaceSize=96m",
                "-Xshare:auto",
                "-cp",
                target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                program.getName()));
        command.addAll(arguments);
        return command;
    }
}
