package dev.concordance.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Source code as people write it: that of this repository. */
public final class RealCode {
    private static final Set<String> EXTENSIONS = Set.of("java", "go", "sh", "py", "sql", "js", "ts", "rs", "c", "cpp");
    private static final Set<String> GENERATED = Set.of("target", "node_modules", ".git");

    private RealCode() {}

    /** A file and its name. */
    public record SourceFile(String name, String text) {}

    /** All files in a known language. */
    public static List<SourceFile> files() throws IOException {
        var found = new ArrayList<SourceFile>();
        try (var paths = Files.walk(Path.of(System.getProperty("concordance.root", ".")))) {
            for (var path : paths.filter(RealCode::isCode).sorted().toList()) {
                found.add(new SourceFile(path.getFileName().toString(), Files.readString(path)));
            }
        }
        return found;
    }

    private static boolean isCode(Path path) {
        var name = path.getFileName().toString();
        for (var folder : path) {
            if (GENERATED.contains(folder.toString())) {
                return false;
            }
        }
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1)) && Files.isRegularFile(path);
    }
}
