package dev.concordance.parse.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.ParsingEndpoint;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.testing.RemoteParsers;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service that stands for docling-serve in tests answers what docling-serve is defined to answer. */
class DoclingShapeTest {
    @Test
    void ofTheServiceInTestsIsTheOneThatIsPublished(@TempDir Path folder) throws Exception {
        try (var endpoint = ParsingEndpoint.start();
                var service = ParsingService.open(RemoteParsers.of(endpoint), mount -> folder, new VirtualTime());
                var schema =
                        Objects.requireNonNull(DoclingShapeTest.class.getResourceAsStream("docling.schema.json"))) {
            var answer = service.convert(
                    "a.pdf", ParsingEndpoint.file("# Intake", "Fill in the form.", "## Below", "---", "| a | b"));
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(ManifestJson.mapper().readTree(schema))
                            .validate(ManifestJson.mapper().readTree(answer)))
                    .extracting(ValidationMessage::getMessage)
                    .isEmpty();
        }
    }
}
