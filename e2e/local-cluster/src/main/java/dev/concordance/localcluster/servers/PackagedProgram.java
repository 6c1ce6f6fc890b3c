package dev.concordance.localcluster.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What starts the program of a module, once it is packaged, outside of its image. */
public final class PackagedProgram {
    private PackagedProgram() {}

    /**
     * As the image starts it, with its options and its AOT cache; the program's own arguments are still to be added.
     *
     * @param module its folder
     * @param more options of the JVM
     */
    public static List<String> asInItsImage(Path module, List<String> more) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + module.resolve("src/main/jvm/jvm.options"));
        command.add("-XX:AOTCache=" + module.resolve("target/app/app.aot"));
        // Without its cache it would start too, only later.
        command.add("-XX:AOTMode=on");
        command.addAll(more);
        command.add("-jar");
        command.add(module.resolve("target/app/quarkus-run.jar").toString());
        return command;
    }

    /** The same for one that ends before the optimising compiler's work is worth it, which would be half of its own. */
    public static List<String> shortLived(Path module, List<String> more) {
        var options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        options.addAll(more);
        return asInItsImage(module, options);
    }
}
