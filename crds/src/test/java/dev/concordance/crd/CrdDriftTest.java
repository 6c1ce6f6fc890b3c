package dev.concordance.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The committed definitions are what the types of the API say. */
class CrdDriftTest {
    static final String REGENERATE = "./mvnw -q -pl crds test -Dtest=CrdDriftTest -Dregenerate=true";

    private static final Path FOLDER =
            Path.of(System.getProperty("concordance.root")).resolve("helm/concordance/crds");

    @Test
    void committedDefinitionsAreWhatTheTypesSay() throws IOException {
        var files = CrdGenerator.files();
        if (Boolean.getBoolean("regenerate")) {
            for (var file : files.entrySet()) {
                Files.createDirectories(FOLDER);
                Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
            }
        }
        var committed = new TreeMap<String, String>();
        try (var folder = Files.newDirectoryStream(FOLDER, "*.yaml")) {
            for (var file : folder) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(committed)
                .as("%s is not what the types of the API say; run: %s", FOLDER, REGENERATE)
                .isEqualTo(files);
    }
}
