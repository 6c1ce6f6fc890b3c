package dev.concordance.embedding.remote;

import static dev.concordance.localcluster.servers.EmbeddingEndpoint.body;
import static dev.concordance.localcluster.servers.EmbeddingEndpoint.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.RefusedText;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.UsableVector;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteAccess.Limits;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model behind an endpoint on loopback, which behaves and which doesn't. */
class RemoteEmbedderTest {
    private static final List<String> TEXTS = List.of("one fish", "two fish", "red fish", "blue fish");

    private final VirtualTime time = new VirtualTime();
    private final CountingPurse purse = new CountingPurse();
    private EmbeddingEndpoint endpoint;

    @TempDir
    private Path secret;

    @BeforeEach
    void start() throws IOException {
        endpoint = EmbeddingEndpoint.start();
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void asksAsOpenAiDoesAndPutsTheAnswerInOrder() throws IOException {
        Files.writeString(secret.resolve("apiKey"), "secret-1\n");
        try (var embedder = open(RemoteModels.withKey(RemoteModels.openAi(endpoint), "key"))) {
            assertThat(vectors(embedder.embed(Role.PASSAGE, TEXTS))).containsExactlyElementsOf(expected(TEXTS));
            Files.writeString(secret.resolve("apiKey"), "secret-2\n");
            embedder.embed(Role.PASSAGE, "again");
        }
        var first = endpoint.asked().getFirst();
        assertThat(first.path()).isEqualTo("/v1/embeddings");
        assertThat(first.body().path("model").asText()).isEqualTo("small-model");
        assertThat(first.headers().getFirst("Authorization")).isEqualTo("Bearer secret-1");
        assertThat(endpoint.asked().getLast().headers().getFirst("Authorization"))
                .as("rotated Secrets are read again")
                .isEqualTo("Bearer secret-2");
        assertThat(purse.spent).as("what the answers bill").isEqualTo(EmbeddingEndpoint.tokens(TEXTS) + 1);
    }

    @Test
    void asksAsTextEmbeddingsInferenceDoes() {
        try (var embedder = open(RemoteModels.tei(endpoint))) {
            assertThat(vectors(embedder.embed(Role.PASSAGE, TEXTS))).containsExactlyElementsOf(expected(TEXTS));
        }
        var asked = endpoint.asked().getFirst();
        assertThat(asked.path()).isEqualTo("/embed");
        assertThat(asked.body().path("truncate").asBoolean()).isTrue();
        assertThat(asked.headers().getFirst("Authorization")).isNull();
        assertThat(purse.spent).as("as the header tells").isEqualTo(EmbeddingEndpoint.tokens(TEXTS));
    }

    @Test
    void dividesTextsByTheirNumberAndTheirTokens() {
        var model = RemoteModels.openAi(endpoint);
        var words = "word ".repeat(40).strip();
        try (var byNumber = open(RemoteModels.limited(model, limits(3, 4_000, 0, 0)));
                var byTokens = open(RemoteModels.limited(model, limits(100, 100, 0, 0)))) {
            assertThat(byNumber.divided(TEXTS)).containsExactly(TEXTS.subList(0, 3), TEXTS.subList(3, 4));
            assertThat(byTokens.divided(List.of(words, words, words, "short")))
                    .containsExactly(List.of(words, words), List.of(words, "short"));
            assertThat(byTokens.divided(List.of("word ".repeat(300), "short"))).hasSize(2);
            assertThat(byTokens.divided(List.of())).isEmpty();
        }
    }

    @Test
    void putsTheRolesPrefixBeforeATextAndCutsWhatIsTooLong() {
        var plain = RemoteModels.openAi(endpoint);
        var model = new RemoteModel(
                plain.model(),
                "",
                plain.tokenizer(),
                plain.dimensions(),
                16,
                true,
                "query: ",
                "passage: ",
                null,
                plain.access());
        try (var embedder = open(model)) {
            embedder.embed(Role.QUERY, "fish");
            embedder.embed(Role.PASSAGE, "fish");
            embedder.embed(Role.QUERY, "fish ".repeat(100));
        }
        // 16 tokens: two around the text, two of the prefix, twelve of the text.
        assertThat(endpoint.texts())
                .containsExactly(
                        "query: fish",
                        "passage: fish",
                        "query: " + "fish ".repeat(12).strip());
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                VirtualTime.BEGIN.plusSeconds(7 + 20).atOffset(ZoneOffset.UTC));
        endpoint.misbehave(1, status(429, "Retry-After", "7"));
        endpoint.misbehave(1, status(503, "Retry-After", date));
        endpoint.misbehave(1, status(429, "Retry-After", "soon"));
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            assertThat(embedder.embed(Role.PASSAGE, "fish")).containsExactly(vector("fish"));
        }
        assertThat(time.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(20), Duration.ofSeconds(2));
    }

    @Test
    void comesBackEarlierByItsOwnShareSoThatCallersDontComeTogether() {
        var unlike = new VirtualTime(0.6);
        endpoint.misbehave(3, status(503));
        endpoint.misbehave(1, status(429, "Retry-After", "7"));
        try (var embedder = RemoteEmbedder.open(
                RemoteModels.openAi(endpoint), SmallModel.get().tokenizer(), mount -> secret, purse, unlike)) {
            assertThat(embedder.embed(Role.PASSAGE, "fish")).containsExactly(vector("fish"));
        }
        assertThat(unlike.pauses())
                .as("but never earlier than it is asked to")
                .containsExactly(
                        Duration.ofMillis(300),
                        Duration.ofMillis(600),
                        Duration.ofMillis(1_200),
                        Duration.ofSeconds(7));
    }

    @Test
    void neverHasMoreRequestsUnderWayThanDeclared() throws Exception {
        var declared = 3;
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        var all = new CountDownLatch(declared);
        endpoint.observe(texts -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            all.countDown();
            // Whoever could come beside them has the time to.
            all.await(10, TimeUnit.SECONDS);
            TimeUnit.MILLISECONDS.sleep(20);
            underWay.decrementAndGet();
        });
        var limits = new Limits(1, 4_000, declared, 0, 0, 30_000, 30_000);
        try (var embedder = open(RemoteModels.limited(RemoteModels.openAi(endpoint), limits));
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<float[]>>();
            for (var i = 0; i < 24; i++) {
                var text = "fish " + i;
                var role = i % 4 == 0 ? Role.QUERY : Role.PASSAGE;
                asked.add(callers.submit(() -> embedder.embed(role, text)));
            }
            for (var one : asked) {
                assertThat(one.get(30, TimeUnit.SECONDS)).hasSize(EmbeddingEndpoint.DIMENSIONS);
            }
        }
        assertThat(most).hasValue(declared);
    }

    @Test
    void givesUpAtOnceIfItIsAskedToWaitTooLong() {
        endpoint.misbehave(1, status(429, "Retry-After", "86400"));
        fails(FailureReason.ModelUnavailable, "could not answer for 86400 s (it answered 429)");
        assertThat(time.pauses()).isEmpty();
    }

    @Test
    void triesAgainLaterAndLaterAndGivesUpAfterFiveMinutes() {
        endpoint.misbehave(1_000, status(502));
        fails(FailureReason.ModelUnavailable, "it answered 502");
        assertThat(time.nanos())
                .isBetween(
                        Duration.ofMinutes(4).toNanos(), Duration.ofMinutes(6).toNanos());
        assertThat(endpoint.asked()).hasSizeLessThan(25);
        assertThat(purse.spent).as("what was not done is not paid for").isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>Bad gateway</html>",
                "{\"data\":[{\"index\":0,\"embedd",
                "{\"data\":[]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":7,\"embedding\":[1]}]}",
                "[]",
                ""
            })
    void believesNoAnswerThatIsNotWhole(String answer) {
        endpoint.misbehave(2, body(answer));
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            assertThat(embedder.embed(Role.PASSAGE, "fish")).containsExactly(vector("fish"));
        }
        assertThat(endpoint.asked()).hasSize(3);
    }

    @Test
    void readsNoMoreThanAnAnswerCanHave() {
        endpoint.misbehave(1, (exchange, texts) -> {
            exchange.sendResponseHeaders(200, 0);
            var chunk = new byte[1 << 16];
            try {
                for (var i = 0; i < 16_384; i++) {
                    exchange.getResponseBody().write(chunk);
                }
                throw new AssertionError("a gigabyte was read");
            } catch (IOException cut) {
                // As it should be.
            }
        });
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            assertThat(embedder.embed(Role.PASSAGE, "fish")).containsExactly(vector("fish"));
        }
    }

    @Test
    void waitsForASlowAnswerNoLongerThanDeclared() {
        var end = new CountDownLatch(1);
        endpoint.misbehave(1, (exchange, texts) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(end);
        });
        var limits = new Limits(8, 4_000, 2, 0, 0, 300, 300);
        try (var embedder = open(RemoteModels.limited(RemoteModels.openAi(endpoint), limits))) {
            assertThat(embedder.embed(Role.PASSAGE, "fish")).containsExactly(vector("fish"));
        }
        end.countDown();
        assertThat(endpoint.asked()).hasSize(2);
        assertThat(purse.spent)
                .as("an answer that nobody heard may have been billed")
                .isGreaterThan(1);
    }

    @Test
    void tellsWhatOnlyTheUserCanHelp() {
        endpoint.misbehave(1, status(401));
        fails(FailureReason.ModelUnauthorized, "correct the Secret");
        endpoint.misbehave(1, status(403));
        fails(FailureReason.ModelUnauthorized, "correct the Secret");
        endpoint.misbehave(1, status(404));
        fails(FailureReason.ModelInvalid, "correct protocol, url or model");
        endpoint.misbehave(1, status(302, "Location", endpoint.root() + "/v1/embeddings"));
        fails(FailureReason.ModelInvalid, "redirects are not followed");
        endpoint.misbehave(1, body("{\"data\":[{\"index\":0,\"embedding\":[1,2,3]}]}"));
        fails(FailureReason.ModelInvalid, "gives 3 dimensions, not the declared 16: declare 3");
        assertThat(endpoint.asked()).as("none of it is tried again").hasSize(5);
    }

    @Test
    void tellsWhatIsWrongWithTheKeyAndNotTheKey() throws IOException {
        var model = RemoteModels.withKey(RemoteModels.openAi(endpoint), "key");
        fails(model, FailureReason.ModelUnauthorized, "needs the key apiKey");
        Files.writeString(secret.resolve("apiKey"), "secret\nsecret");
        assertThatThrownBy(embedOnce(model))
                .hasMessageContaining("characters that no header can have")
                .hasMessageNotContaining("secret\n");
        assertThat(endpoint.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/v1", "http://a_host:1/v1", "http:///v1", "no url"})
    void refusesAUrlThatIsNone(String url) {
        var model = RemoteModels.openAi(endpoint);
        var access = model.access();
        var wrong = model.with(new RemoteAccess(
                access.account(), access.protocol(), url, null, null, access.limits(), access.price()));
        fails(wrong, FailureReason.ModelInvalid, "the model's url is none: correct it");
    }

    @Test
    void trustsTheDeclaredAuthorityAndNoOther() throws Exception {
        var authority = TestAuthority.in(secret);
        try (var encrypted = EmbeddingEndpoint.start(authority.host())) {
            var model = RemoteModels.openAi(encrypted);
            fails(model, FailureReason.ModelTlsFailed, "isn't trusted: give its CA in caConfigMapRef");
            fails(
                    model.with(model.access().trusting(authority.otherPem())),
                    FailureReason.ModelTlsFailed,
                    "isn't trusted");
            fails(model.with(model.access().trusting("no PEM")), FailureReason.ModelTlsFailed, "not a PEM certificate");
            assertThat(encrypted.asked()).isEmpty();
            try (var embedder = open(model.with(model.access().trusting(authority.pem())))) {
                assertThat(embedder.embed(Role.PASSAGE, "fish")).containsExactly(vector("fish"));
            }
        }
        refuses(authority, authority.expired(), "has expired or isn't valid yet: have it renewed");
        refuses(authority, authority.misnamed(), "is another host's: declare a name of the host");
    }

    private void refuses(TestAuthority trusted, TestAuthority host, String says) throws Exception {
        try (var encrypted = EmbeddingEndpoint.start(host.host())) {
            var model = RemoteModels.openAi(encrypted);
            fails(model.with(model.access().trusting(trusted.pem())), FailureReason.ModelTlsFailed, says);
            assertThat(encrypted.asked()).isEmpty();
        }
    }

    @Test
    void findsOutWhichTextsAreRefusedAndEmbedsTheOthers() {
        var texts = IntStream.range(0, 32).mapToObj(i -> "text " + i).toList();
        endpoint.refuse(text -> text.equals("text 5") || text.equals("text 31"));
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            var embedded = embedder.embed(Role.PASSAGE, texts);
            for (var i = 0; i < texts.size(); i++) {
                assertThat(embedded.get(i) instanceof Embedded.Refused).isEqualTo(i == 5 || i == 31);
            }
            assertThatThrownBy(() -> embedder.embed(Role.PASSAGE, "text 5"))
                    .isInstanceOf(RefusedText.class)
                    .hasMessageNotContaining("text 5");
        }
        assertThat(endpoint.asked()).hasSizeLessThan(24);
        assertThat(time.pauses()).isEmpty();
        assertThat(purse.spent).isEqualTo(EmbeddingEndpoint.tokens(texts) - 4);
    }

    @Test
    void suspectsATextOnWhichAServerFailsThatAnswersOthers() {
        endpoint.crashOn(text -> text.equals("red fish"));
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            assertThat(embedder.embed(Role.PASSAGE, TEXTS))
                    .map(Embedded.Refused.class::isInstance)
                    .containsExactly(false, false, true, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "null", "1e999", "\"1\""})
    void refusesATextWhoseVectorIsNoneAndNotItsNeighbours(String number) {
        var good = "[" + "0.25,".repeat(15) + "0.25]";
        var bad = "[" + "0.25,".repeat(15) + number + "]";
        endpoint.misbehave(
                1,
                body("{\"data\":[{\"index\":0,\"embedding\":%s},{\"index\":1,\"embedding\":%s}]}"
                        .formatted(good, bad)));
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            assertThat(embedder.embed(Role.PASSAGE, List.of("a", "b")))
                    .map(Embedded.Refused.class::isInstance)
                    .containsExactly(false, true);
        }
    }

    @Test
    void keepsToRequestsAndTokensAMinute() {
        var model = RemoteModels.openAi(endpoint);
        try (var embedder = open(RemoteModels.limited(model, limits(1, 100, 60, 0)))) {
            for (var i = 0; i < 4; i++) {
                embedder.embed(Role.PASSAGE, "fish");
            }
        }
        assertThat(time.pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        var begun = time.nanos();
        try (var embedder = open(RemoteModels.limited(model, limits(1, 100, 0, 120)))) {
            // Ten words are twelve tokens with those around them.
            for (var i = 0; i < 11; i++) {
                embedder.embed(Role.PASSAGE, "fish ".repeat(10));
            }
        }
        assertThat(time.nanos() - begun).isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void asksNothingThatIsNotPaidFor() {
        purse.left = 20;
        fails(FailureReason.BudgetExhausted, "spent");
        assertThat(endpoint.asked()).hasSize(1);
    }

    @Test
    void asksOnceForAQueryAndNotAtAllWhileTheEndpointFails() {
        endpoint.misbehave(100, status(503));
        try (var embedder = open(RemoteModels.openAi(endpoint))) {
            for (var i = 0; i < 20; i++) {
                assertThatThrownBy(() -> embedder.embed(Role.QUERY, "fish")).isInstanceOf(ModelException.class);
            }
            assertThat(endpoint.asked()).hasSize(5);
            assertThat(time.pauses()).isEmpty();
            time.pause(Duration.ofSeconds(3));
            endpoint.behave();
            assertThat(embedder.embed(Role.QUERY, "fish")).containsExactly(vector("fish"));
            assertThat(embedder.embed(Role.QUERY, "fish")).containsExactly(vector("fish"));
        }
        assertThat(endpoint.asked()).hasSize(7);
    }

    private void fails(FailureReason reason, String message) {
        fails(RemoteModels.openAi(endpoint), reason, message);
    }

    private void fails(RemoteModel model, FailureReason reason, String message) {
        assertThatThrownBy(embedOnce(model))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }

    private ThrowingCallable embedOnce(RemoteModel model) {
        return () -> {
            try (var embedder = open(model)) {
                embedder.embed(Role.PASSAGE, "fish");
                embedder.embed(Role.PASSAGE, "fish and chips");
            }
        };
    }

    private RemoteEmbedder open(RemoteModel model) {
        return RemoteEmbedder.open(model, SmallModel.get().tokenizer(), mount -> secret, purse, time);
    }

    private static Limits limits(int inputs, int tokens, int requestsPerMinute, int tokensPerMinute) {
        return new Limits(inputs, tokens, 2, requestsPerMinute, tokensPerMinute, 5_000, 400);
    }

    private static float[] vector(String text) {
        return UsableVector.of(EmbeddingEndpoint.vector(text), true);
    }

    private static List<float[]> vectors(List<Embedded> embedded) {
        return embedded.stream().map(one -> ((Embedded.Vector) one).floats()).toList();
    }

    private static List<float[]> expected(List<String> texts) {
        var expected = new ArrayList<float[]>();
        texts.forEach(text -> expected.add(vector(text)));
        return expected;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A purse with so many tokens in it. */
    private static final class CountingPurse implements Purse {
        private long left = Long.MAX_VALUE;
        private long spent;

        @Override
        public synchronized Payment pay(long tokensAtMost) {
            if (tokensAtMost > left) {
                throw new ModelException(FailureReason.BudgetExhausted, "all is spent");
            }
            left -= tokensAtMost;
            return tokens -> {
                left += tokensAtMost - tokens;
                spent += tokens;
            };
        }
    }
}
