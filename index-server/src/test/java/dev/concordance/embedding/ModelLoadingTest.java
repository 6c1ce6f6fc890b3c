package dev.concordance.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.Pooling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that a user declares, from a volume or behind a URL. */
class ModelLoadingTest {
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask");
    /** Byte-level BPE over five characters, as a tokenizer that isn't ours. */
    private static final String BPE = """
            {"version":"1.0","added_tokens":[],"normalizer":null,
             "pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
             "model":{"type":"BPE","unk_token":"?","vocab":{"?":0,"a":1,"b":2,"ab":3,"😀":4},"merges":["a b"]}}
            """;

    @TempDir
    private Path folder;

    @Test
    void embedsWithAModelAndATokenizerOfAVolume() throws Exception {
        var model = mounted("m.onnx", TinyModels.encoder(INPUTS, "last_hidden_state", 4));
        try (var embedder = open(model, mounted("t.json", BPE.getBytes(StandardCharsets.UTF_8)), 4)) {
            assertThat(embedder.tokenizer()).isInstanceOf(LibraryTokenizer.class);
            assertThat(embedder.embed(Role.PASSAGE, "ab ab a")).hasSize(4).containsOnly((3 + 3 + 1) / 3f);
            var tokens = embedder.tokenizer().tokenize("😀 ab");
            assertThat(tokens.start(1)).isEqualTo(3);
            assertThat(tokens.end(1)).isEqualTo(5);
        }
    }

    @Test
    void saysWhichInputsAndOutputsAModelNeeds() throws Exception {
        refuses(FailureReason.ModelInvalid, TinyModels.encoder(List.of("tokens"), "last_hidden_state", 4), 4)
                .hasMessageContaining("[tokens]")
                .hasMessageContaining("input_ids");
        refuses(
                        FailureReason.ModelInvalid,
                        TinyModels.encoder(List.of("input_ids", "attention_mask", "task_id"), "last_hidden_state", 4),
                        4)
                .hasMessageContaining("task_id");
        refuses(FailureReason.ModelInvalid, TinyModels.encoder(INPUTS, "logits", 4), 4)
                .hasMessageContaining("last_hidden_state")
                .hasMessageContaining("logits");
    }

    @Test
    void saysWhichDimensionToDeclare() throws Exception {
        refuses(FailureReason.ModelInvalid, TinyModels.encoder(INPUTS, "last_hidden_state", 4), 8)
                .hasMessageContaining("declare 4");
    }

    @Test
    void refusesWhatIsNoModelOrNoTokenizer() throws Exception {
        refuses(FailureReason.ModelInvalid, "not a model".getBytes(StandardCharsets.UTF_8), 4);
        var model = mounted("m.onnx", TinyModels.encoder(INPUTS, "last_hidden_state", 4));
        for (var json : List.of("not json", "{}", "{\"model\":{\"type\":\"WordPiece\"}}")) {
            var tokenizer = mounted("t.json", json.getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> open(model, tokenizer, 4).close())
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelInvalid))
                    .hasMessageContaining("tokenizer");
        }
    }

    @Test
    void readsNoFileOutsideOfTheVolumeAndNoPipe() throws Exception {
        Files.createSymbolicLink(folder.resolve("link.onnx"), Path.of("/etc/passwd"));
        for (var path : List.of("link.onnx", "../../etc/passwd", "/etc/passwd", "missing.onnx", ".")) {
            var file = new ModelFile.Mounted("models", path, "0".repeat(64));
            assertThatThrownBy(() -> files().copy(file))
                    .isInstanceOfSatisfying(
                            ModelException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelUnavailable));
        }
    }

    @Test
    void downloadsAFileOnceAndTellsNoSecretOfItsUrl() throws Exception {
        var content = "content".getBytes(StandardCharsets.UTF_8);
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/model", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        try {
            var url = "http://127.0.0.1:" + server.getAddress().getPort();
            var file = new ModelFile.Downloaded(url + "/model?signature=hunter2", sha256(content));
            assertThat(files().copy(file)).isEqualTo(content);
            assertThat(files().copy(file)).isEqualTo(content);
            assertThat(asked).hasValue(1);
            var other = new ModelFile.Downloaded(url + "/model?signature=hunter2", "0".repeat(64));
            assertThatThrownBy(() -> files().copy(other))
                    .isInstanceOfSatisfying(
                            ModelException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelDigestMismatch))
                    .hasMessageNotContaining("hunter2");
            var missing = new ModelFile.Downloaded(
                    url + "/missing?signature=hunter2", sha256(content).replace('a', 'b'));
            assertThatThrownBy(() -> files().copy(missing))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelUnavailable))
                    .hasMessageContaining("404")
                    .hasMessageNotContaining("hunter2");
        } finally {
            server.stop(0);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(FailureReason reason, byte[] model, int dimensions)
            throws Exception {
        var file = mounted("m.onnx", model);
        var tokenizer = mounted("t.json", BPE.getBytes(StandardCharsets.UTF_8));
        return assertThatThrownBy(() -> open(file, tokenizer, dimensions).close())
                .isInstanceOfSatisfying(
                        ModelException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private Embedder open(ModelFile model, ModelFile tokenizer, int dimensions) {
        return Embedders.open(
                new OnnxModel(model, tokenizer, dimensions, 16, Pooling.MEAN, false, "", "", null),
                files(),
                Purse.FREE);
    }

    private ModelFile mounted(String name, byte[] content) throws Exception {
        Files.write(folder.resolve(name), content);
        return new ModelFile.Mounted("models", name, sha256(content));
    }

    private ModelFiles files() {
        return new ModelFiles(mount -> folder, folder.resolve("work"));
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
