package dev.concordance.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The committed definitions and their reference are what the types of the API say. */
class CrdDriftTest {
    static final String REGENERATE = "./mvnw -q -pl crds test -Dtest=CrdDriftTest -Dregenerate=true";

    private static final Path ROOT = Path.of(System.getProperty("concordance.root"));
    private static final Path FOLDER = ROOT.resolve("helm/concordance/crds");
    private static final Path REFERENCE = ROOT.resolve("docs/api-reference.md");

    @BeforeAll
    static void regenerate() throws IOException {
        if (Boolean.getBoolean("regenerate")) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, String> file : CrdGenerator.files().entrySet()) {
                Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
            }
            Files.writeString(REFERENCE, ApiReference.markdown());
        }
    }

    @Test
    void committedDefinitionsAreWhatTheTypesSay() throws IOException {
        var committed = new TreeMap<String, String>();
        try (var folder = Files.newDirectoryStream(FOLDER, "*.yaml")) {
            for (var file : folder) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(committed)
                .as("%s is not what the types of the API say; run: %s", FOLDER, REGENERATE)
                .isEqualTo(CrdGenerator.files());
    }

    @Test
    void committedReferenceIsWhatTheDefinitionsSay() throws IOException {
        assertThat(Files.readString(REFERENCE))
                .as("%s is not what the definitions say; run: %s", REFERENCE, REGENERATE)
                .isEqualTo(ApiReference.markdown());
    }
}
