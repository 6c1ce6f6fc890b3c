package dev.concordance.parse.remote;

import static dev.concordance.localcluster.servers.ParsingEndpoint.body;
import static dev.concordance.localcluster.servers.ParsingEndpoint.file;
import static dev.concordance.localcluster.servers.ParsingEndpoint.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.ParsingEndpoint;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RemoteParser.Ocr;
import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.pdf.PdfReader;
import dev.concordance.testing.RemoteParsers;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service on loopback, which behaves and which doesn't. */
class ParsingServiceTest {
    private static final byte[] FILE = file("# Intake", "Fill in the form.", "---", "| a | b");

    private final VirtualTime time = new VirtualTime();
    private ParsingEndpoint endpoint;

    @TempDir
    private Path secret;

    @BeforeEach
    void start() throws IOException {
        endpoint = ParsingEndpoint.start();
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void sendsAFileAsDoclingServeTakesIt() throws Exception {
        Files.writeString(secret.resolve("apiKey"), "secret-1\n");
        var declared = new RemoteParser(
                List.of(Format.PDF),
                Ocr.Always,
                List.of("en", "de"),
                "",
                new RemoteParser.Access(endpoint.url(), "key", null, 1, 90_000));
        try (var service = open(declared)) {
            var read = DoclingReader.read("a.pdf", service.convert("../Übersicht \"1\"\r\n.x", FILE));
            assertThat(read.text()).isEqualTo("Intake\nFill in the form.\na | b\n");
            Files.writeString(secret.resolve("apiKey"), "secret-2\n");
            service.convert("b.pdf", FILE);
        }
        var asked = endpoint.asked().getFirst();
        assertThat(asked.path()).isEqualTo("/v1/convert/file");
        assertThat(asked.words().getBytes(StandardCharsets.UTF_8)).isEqualTo(FILE);
        assertThat(asked.name()).isEqualTo(".._bersicht__1___.pdf".replace("_bersicht", "__bersicht"));
        assertThat(asked.options())
                .containsEntry("to_formats", List.of("json"))
                .containsEntry("image_export_mode", List.of("placeholder"))
                .containsEntry("do_ocr", List.of("true"))
                .containsEntry("force_ocr", List.of("true"))
                .containsEntry("ocr_lang", List.of("en", "de"))
                .containsEntry("document_timeout", List.of("90"));
        assertThat(endpoint.asked())
                .extracting(one -> one.headers().getFirst("X-Api-Key"))
                .as("rotated Secrets are read again")
                .containsExactly("secret-1", "secret-2");
    }

    @Test
    void takesWhatIsDeclaredByWhatItIs() {
        var formats = List.of(Format.PDF, Format.Image, Format.DOCX);
        try (var service = open(RemoteParsers.at(endpoint.url(), null, formats))) {
            assertThat(List.of("a.pdf %PDF-1.7", "a.txt %PDF-1.7", "a.png \u0089PNG\r\n", "a.jpeg \u00FF\u00D8\u00FF"))
                    .allMatch(file -> takes(service, file));
            assertThat(List.of(
                            "a.tif II*\0", "a.tiff MM\0*", "a.webp RIFF1234WEBP", "a.bmp BM", "a.docx PK\u0003\u0004"))
                    .allMatch(file -> takes(service, file));
            assertThat(List.of("a.pdf words", "a.txt BM", "a.xlsx PK\u0003\u0004", "a.pdf PK\u0003\u0004", "a.png "))
                    .noneMatch(file -> takes(service, file));
        }
        assertThat(ParsingService.addsDocument(RemoteParsers.of(endpoint), "scan.PNG"))
                .isTrue();
        assertThat(ParsingService.addsDocument(RemoteParsers.of(endpoint), "logo.svg"))
                .isFalse();
        assertThat(ParsingService.addsDocument(null, "scan.png")).isFalse();
    }

    @Test
    void waitsAsLongAsItIsAskedToAndElseLongerAndLonger() throws Exception {
        endpoint.misbehave(1, status(429, "Retry-After", "7"));
        endpoint.misbehave(2, status(503));
        try (var service = open(RemoteParsers.of(endpoint))) {
            service.convert("a.pdf", FILE);
        }
        assertThat(time.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void givesUpAfterMinutesAndThenForAllDocuments() {
        endpoint.misbehave(1_000, status(503));
        try (var service = open(RemoteParsers.of(endpoint))) {
            fails(service, FailureReason.ParserUnavailable, "could not answer for 3");
            assertThat(Duration.ofNanos(time.nanos())).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
            var asked = endpoint.asked().size();
            fails(service, FailureReason.ParserUnavailable, "could not answer");
            assertThat(endpoint.asked()).hasSize(asked);
        }
    }

    @Test
    void waitsForAServiceThatIsNotThere() throws Exception {
        var declared = RemoteParsers.of(endpoint);
        endpoint.close();
        try (var service = open(declared)) {
            fails(service, FailureReason.ParserUnavailable, "could not answer for 3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, ParserUnauthorized, correct the Secret",
        "403, ParserUnauthorized, correct the Secret",
        "404, ParserInvalid, correct parser.remote.url",
        "405, ParserInvalid, correct parser.remote.url",
        "302, ParserInvalid, redirects are not followed"
    })
    void asksOnceWhereNothingChangesByItself(int code, FailureReason reason, String says) {
        endpoint.misbehave(1, status(code, "Location", endpoint.url() + "/elsewhere"));
        try (var service = open(RemoteParsers.of(endpoint))) {
            fails(service, reason, says);
        }
        assertThat(endpoint.asked()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ParserRefused, refuses it (HTTP 400)",
        "415, ParserRefused, refuses it (HTTP 415)",
        "422, ParserRefused, refuses it (HTTP 422)",
        "504, ParserTimeout, in time"
    })
    void blamesADocumentIfAnotherOneIsRead(int code, QuarantineReason reason, String says) {
        endpoint.misbehave(1, status(code));
        try (var service = open(RemoteParsers.of(endpoint))) {
            refuses(service, reason, says);
        }
        assertThat(endpoint.asked()).extracting(ParsingEndpoint.Asked::name).containsExactly("a.pdf", "probe.pdf");
        assertThat(time.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{}",
                "[]",
                "{\"task_id\": 1}",
                "{\"status\": \"success\", \"document\": {\"md_content\": \"x\"}}"
            })
    void blamesTheServiceIfItUnderstandsNoDocument(String answer) {
        endpoint.misbehave(2, body(answer));
        try (var service = open(RemoteParsers.of(endpoint))) {
            fails(service, FailureReason.ParserInvalid, "correct parser.remote.url");
        }
        endpoint.misbehave(2, status(422));
        try (var service = open(RemoteParsers.of(endpoint))) {
            fails(service, FailureReason.ParserInvalid, "answers 422 to every document");
        }
        endpoint.misbehave(1, body(answer));
        try (var service = open(RemoteParsers.of(endpoint))) {
            refuses(service, QuarantineReason.ParserFailed, "exclude the document");
        }
    }

    @ParameterizedTest
    @CsvSource({"failure, could not read it", "skipped, could not read it", "partial_success, only parts of it"})
    void setsAsideWhatTheServiceDoesNotReadAsAWhole(String status, String says) {
        endpoint.misbehave(
                1,
                body(
                        "{\"document\": {\"json_content\": {}}, \"status\": \"%s\", \"errors\": [{\"error_message\": \"secret\"}]}"
                                .formatted(status)));
        try (var service = open(RemoteParsers.of(endpoint))) {
            refuses(service, QuarantineReason.ParserFailed, says);
        }
        assertThat(endpoint.asked()).hasSize(1);
    }

    @Test
    void suspectsADocumentThatTheServiceCrashesOnAndReadsTheOthers() throws Exception {
        endpoint.crashOn(words -> words.contains("poison"));
        try (var service = open(RemoteParsers.of(endpoint))) {
            service.convert("a.pdf", FILE);
            assertThatThrownBy(() -> service.convert("b.pdf", file("poison")))
                    .isInstanceOfSatisfying(
                            UnreadableDocument.class,
                            e -> assertThat(e.reason()).isEqualTo(QuarantineReason.ParserCrashed))
                    .hasMessageContaining("failed on it 3 times");
            service.convert("c.pdf", FILE);
        }
        assertThat(endpoint.asked())
                .extracting(ParsingEndpoint.Asked::name)
                .containsExactly("a.pdf", "b.pdf", "b.pdf", "b.pdf", "probe.pdf", "c.pdf");
    }

    @Test
    void doesNotSuspectADocumentWhileTheServiceIsDown() throws Exception {
        endpoint.misbehave(6, status(500));
        try (var service = open(RemoteParsers.of(endpoint))) {
            service.convert("a.pdf", FILE);
        }
    }

    @Test
    void believesNoAnswerThatIsTooLongOrSaidTooSlowly() {
        endpoint.misbehave(1, (exchange, asked) -> {
            exchange.sendResponseHeaders(200, 0);
            var block = new byte[1 << 20];
            for (var i = 0; i < 64; i++) {
                exchange.getResponseBody().write(block);
            }
        });
        try (var service = open(RemoteParsers.of(endpoint))) {
            refuses(service, QuarantineReason.TooLarge, "more than is read");
        }
        var ends = new CountDownLatch(1);
        endpoint.misbehave(1, (exchange, asked) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                ends.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (var service = open(RemoteParsers.of(endpoint))) {
            refuses(service, QuarantineReason.ParserTimeout, "in time");
        } finally {
            ends.countDown();
        }
    }

    @Test
    void asksForNoMoreAtATimeThanIsDeclared() throws Exception {
        var both = new CountDownLatch(2);
        var go = new CountDownLatch(1);
        endpoint.observe(asked -> {
            both.countDown();
            go.await(30, TimeUnit.SECONDS);
        });
        try (var service = open(RemoteParsers.of(endpoint))) {
            var failure = new AtomicReference<Throwable>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var i = 0; i < 5; i++) {
                    threads.execute(() -> {
                        try {
                            service.convert("a.pdf", FILE);
                        } catch (UnreadableDocument | RuntimeException e) {
                            failure.set(e);
                        }
                    });
                }
                assertThat(both.await(30, TimeUnit.SECONDS)).isTrue();
                assertThat(endpoint.asked()).hasSize(2);
                go.countDown();
            }
            assertThat(failure.get()).isNull();
            assertThat(endpoint.asked()).hasSize(5);
        }
    }

    @Test
    void tellsWhatIsWrongWithTheKeyAndNotTheKey() throws IOException {
        var declared = RemoteParsers.at(endpoint.url(), "key", List.of(Format.PDF));
        try (var service = open(declared)) {
            fails(service, FailureReason.ParserUnauthorized, "needs the key apiKey");
        }
        Files.writeString(secret.resolve("apiKey"), "secret\nsecret");
        try (var service = open(declared)) {
            assertThatThrownBy(() -> service.convert("a.pdf", FILE))
                    .hasMessageContaining("characters that no header can have")
                    .hasMessageNotContaining("secret\n");
        }
        assertThat(endpoint.asked()).isEmpty();
    }

    @Test
    void trustsTheDeclaredAuthorityAndNoOther() throws Exception {
        var authority = TestAuthority.in(secret);
        try (var encrypted = ParsingEndpoint.start(authority.host())) {
            var declared = RemoteParsers.of(encrypted);
            try (var service = open(declared);
                    var wrong = open(declared.trusting(authority.otherPem()))) {
                fails(
                        service,
                        FailureReason.ParserTlsFailed,
                        "isn't trusted: give its CA in parser.remote.caConfigMapRef");
                fails(wrong, FailureReason.ParserTlsFailed, "isn't trusted");
            }
            assertThat(encrypted.asked()).isEmpty();
            assertThatThrownBy(() -> open(declared.trusting("no PEM"))).hasMessageContaining("no PEM certificate");
            try (var service = open(declared.trusting(authority.pem()))) {
                assertThat(service.convert("a.pdf", FILE)).isNotEmpty();
            }
        }
        refuses(authority, authority.expired(), "has expired or isn't valid yet: have it renewed");
        refuses(authority, authority.misnamed(), "is another host's: declare a name of the host");
    }

    private void refuses(TestAuthority trusted, TestAuthority host, String says) throws Exception {
        try (var encrypted = ParsingEndpoint.start(host.host());
                var service = open(RemoteParsers.of(encrypted).trusting(trusted.pem()))) {
            fails(service, FailureReason.ParserTlsFailed, says);
            assertThat(encrypted.asked()).isEmpty();
        }
    }

    @Test
    void probesWithARealPdf() throws Exception {
        endpoint.misbehave(1, status(422));
        try (var service = open(RemoteParsers.of(endpoint))) {
            refuses(service, QuarantineReason.ParserRefused, "422");
        }
        var text = new DocumentText();
        PdfReader.read(endpoint.asked().getLast().words().getBytes(StandardCharsets.US_ASCII), text);
        assertThat(text.document("").text()).isEqualTo("probe\n");
    }

    private static boolean takes(ParsingService service, String file) {
        var space = file.indexOf(' ');
        var head = file.substring(space + 1).getBytes(StandardCharsets.ISO_8859_1);
        return service.takes(file.substring(0, space), head);
    }

    private ParsingService open(RemoteParser declared) {
        return ParsingService.open(declared, mount -> secret, time);
    }

    private static void fails(ParsingService service, FailureReason reason, String says) {
        assertThatThrownBy(() -> service.convert("a.pdf", FILE))
                .isInstanceOfSatisfying(
                        ParserException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(says);
    }

    private static void refuses(ParsingService service, QuarantineReason reason, String says) {
        assertThatThrownBy(() -> service.convert("a.pdf", FILE))
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(says)
                .hasMessageNotContaining("secret");
    }
}
