package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.api.v1alpha1.DocumentParser;
import dev.concordance.api.v1alpha1.KeyReference;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RemoteParser.Ocr;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a Corpus says of a remote parser, in its strict form. */
final class DeclaredParserTest {
    private static final String URL = "https://docling.example.com/";

    @Test
    void isNoneUnlessItIsDeclared() {
        assertThat(DeclaredParser.parse("docs", null)).isEmpty();
    }

    @Test
    void fillsInWhatIsNotDeclared() {
        var declared = DeclaredParser.parse("docs", new DocumentParser(remote(null, null, null)))
                .orElseThrow();
        assertThat(declared.manifest())
                .isEqualTo(new RemoteParser(
                        List.of(Format.Image, Format.PDF),
                        Ocr.Auto,
                        List.of(),
                        "",
                        new RemoteParser.Access("https://docling.example.com", null, null, 2, 120_000)));
        assertThat(declared.references()).isEmpty();
    }

    @Test
    void takesWhatIsDeclared() {
        var remote = new DocumentParser.Remote(
                URL,
                List.of("XLSX", "PDF", "PDF"),
                new DocumentParser.Ocr("Always", List.of("de")),
                "2",
                new LocalReference("key"),
                new KeyReference("ca", null),
                new DocumentParser.Limits(8, "10m"));
        var declared = DeclaredParser.parse("docs", new DocumentParser(remote)).orElseThrow();
        assertThat(declared.manifest())
                .isEqualTo(new RemoteParser(
                        List.of(Format.PDF, Format.XLSX),
                        Ocr.Always,
                        List.of("de"),
                        "2",
                        new RemoteParser.Access("https://docling.example.com", "parser", null, 8, 600_000)));
        assertThat(declared.references())
                .extracting(Object::toString)
                .containsExactly("Secret docs/key", "ConfigMap docs/ca");
    }

    @Test
    void refusesWhatCantBeCarriedOut() {
        refuses(new DocumentParser(null), "spec.parser.remote");
        refuses(new DocumentParser(remote(List.of("HTML"), null, null)), "spec.parser.remote.formats");
        refuses(
                new DocumentParser(remote(null, new DocumentParser.Ocr("Force", null), null)),
                "spec.parser.remote.ocr.mode");
        refuses(new DocumentParser(remote(null, null, new DocumentParser.Limits(null, "2h"))), "longer than 60m");
        refuses(
                new DocumentParser(remote(List.of("DOCX", "XLSX"), new DocumentParser.Ocr("Always", null), null)),
                "add one of them to formats, or take ocr out");
    }

    @Test
    void takesOcrWhereverThereArePictures() {
        var ocr = new DocumentParser.Ocr("Always", null);
        for (var formats : List.of(List.of("Image"), List.of("DOCX", "PDF"))) {
            assertThat(DeclaredParser.parse("docs", new DocumentParser(remote(formats, ocr, null))))
                    .isPresent();
        }
        assertThat(DeclaredParser.parse("docs", new DocumentParser(remote(null, ocr, null))))
                .as("PDF and Image are the default")
                .isPresent();
    }

    private static void refuses(DocumentParser declared, String says) {
        assertThatThrownBy(() -> DeclaredParser.parse("docs", declared))
                .isInstanceOf(InvalidSpec.class)
                .hasMessageContaining(says);
    }

    private static DocumentParser.Remote remote(
            @Nullable List<String> formats, DocumentParser.@Nullable Ocr ocr, DocumentParser.@Nullable Limits limits) {
        return new DocumentParser.Remote(URL, formats, ocr, null, null, null, limits);
    }
}
