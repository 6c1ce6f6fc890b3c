package dev.concordance.localcluster.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.node.image.OciArchive.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageStoreTest {
    private static final String NAME = "concordance/operator:1";

    @TempDir
    private Path folder;

    private Path archive;
    private Path images;

    @BeforeEach
    void place() throws IOException {
        archive = folder.resolve("image.tar");
        images = folder.resolve("images");
        Files.writeString(folder.resolve("outside"), "mine");
    }

    @Test
    void unpacksLayersOverEachOtherAndReadsTheConfiguration() throws IOException {
        new OciArchive()
                .config("""
                        {"Entrypoint": ["java", "Main"], "Cmd": ["serve"], "Env": ["A=1", "B=x=y"]}
                        """)
                .layer(new Layer()
                        .file("app/kept", "first")
                        .file("app/gone", "")
                        .file("old/a", ""))
                .layer(new Layer()
                        .file("app/kept", "second")
                        .file("app/.wh.gone", "")
                        .file("old/.wh..wh..opq", ""))
                .write(archive);

        var image = store().find(NAME).orElseThrow();

        assertThat(image.entrypoint()).containsExactly("java", "Main");
        assertThat(image.arguments()).containsExactly("serve");
        assertThat(image.environment()).containsOnly(Map.entry("A", "1"), Map.entry("B", "x=y"));
        assertThat(image.root().resolve("app/kept")).hasContent("second");
        assertThat(Files.getLastModifiedTime(image.root().resolve("app/kept")).toInstant())
                .isEqualTo(Layer.WRITTEN);
        assertThat(image.root().resolve("app/gone")).doesNotExist();
        assertThat(image.root().resolve("old")).isEmptyDirectory();
    }

    @Test
    void keepsLinksInsideTheImage() throws IOException {
        new OciArchive()
                .layer(new Layer()
                        .file("app/real", "x")
                        .link("app/absolute", "/app/real")
                        .hardLink("app/second", "app/real"))
                .write(archive);

        var root = store().find(NAME).orElseThrow().root();

        assertThat(root.resolve("app/absolute").toRealPath())
                .isEqualTo(root.resolve("app/real").toRealPath());
        assertThat(root.resolve("app/second")).hasContent("x");
    }

    @Test
    void unpacksAnImageOnce() throws IOException {
        new OciArchive().layer(new Layer().file("app/a", "")).write(archive);
        var first = store().find(NAME).orElseThrow();
        Files.writeString(first.root().resolve("mark"), "");

        assertThat(store().find(NAME).orElseThrow().root().resolve("mark")).exists();
    }

    @Test
    void tellsTheDigestOfAnArchiveAndUnpacksNothing() throws IOException {
        new OciArchive().layer(new Layer().file("app/a", "")).write(archive);

        var digest = ImageStore.digest(archive);

        assertThat(images).doesNotExist();
        assertThat(store().find(NAME).orElseThrow().digest()).isEqualTo(digest);
    }

    @Test
    void removesWhatItUnpackedOfReplacedArchives() throws IOException {
        new OciArchive().layer(new Layer().file("app/a", "first")).write(archive);
        var first = store().find(NAME).orElseThrow().root();
        new OciArchive().layer(new Layer().file("app/a", "second")).write(archive);
        var second = store().find(NAME).orElseThrow().root();

        store().removeReplaced();

        assertThat(first).doesNotExist();
        assertThat(second.resolve("app/a")).hasContent("second");
    }

    @ParameterizedTest
    @CsvSource({
        "concordance/operator:1, true",
        "docker.io/concordance/operator:1, true",
        "concordance/operator:2, false",
        "concordance/operator, false",
        "registry.example.com:5000/concordance/operator:1, false",
        "concordance/operator@sha256:0000, false",
        "concordance/operator:9@DIGEST, true"
    })
    void findsAnImageByItsNameAndTagOrDigest(String reference, boolean found) throws IOException {
        new OciArchive().layer(new Layer().file("app/a", "")).write(archive);
        var digest = store().find(NAME).orElseThrow().digest();

        assertThat(store().find(reference.replace("DIGEST", digest)).isPresent())
                .isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({"../outside", "app/../../outside", "/../outside", "app/../../../outside"})
    void writesNoFileOutside(String name) throws IOException {
        refuses(new Layer().file(name, "theirs"), "leaves the image");
    }

    @Test
    void followsNoLinkOutside() throws IOException {
        refuses(new Layer().link("app", "../..").file("app/outside", "theirs"), "leaves the image");
        refuses(new Layer().link("app", "../../../../../../../../etc"), "leaves the image");
        refuses(new Layer().hardLink("app", "../../outside"), "leaves the image");
    }

    @Test
    void removesNothingOutside() throws IOException {
        refuses(new Layer().file("../.wh.outside", ""), "leaves the image");
        new OciArchive().layer(new Layer().file("a/.wh...", "")).write(archive);
        assertThatThrownBy(() -> store().find(NAME)).isInstanceOf(ImageStore.UnreadableImage.class);
        assertThat(folder.resolve("outside")).hasContent("mine");
    }

    @Test
    void makesNoDevices() throws IOException {
        refuses(new Layer().device("dev/null"), "neither a file, a folder nor a link");
    }

    @Test
    void saysWhatAnArchiveIsNot() throws IOException {
        Files.writeString(archive, "no archive");
        assertThatThrownBy(() -> store().find(NAME))
                .isInstanceOf(ImageStore.UnreadableImage.class)
                .hasMessageContaining("is not an OCI archive of one image");
    }

    private void refuses(Layer layer, String message) throws IOException {
        new OciArchive().layer(layer).write(archive);
        assertThatThrownBy(() -> store().find(NAME))
                .isInstanceOf(ImageStore.UnreadableImage.class)
                .hasMessageContaining(message);
        assertThat(folder.resolve("outside")).hasContent("mine");
    }

    private ImageStore store() {
        return new ImageStore(images, Map.of(NAME, archive));
    }
}
