package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.concordance.http.VirtualTime;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spools;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings that a store breaks off, garbles or sends elsewhere: none is taken for whole, so nothing is ever deleted for it. */
class MisbehavingStoreTest {
    private static final String FIRST_PAGE = page(true, "2", 1, "a.md");
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;
    private Behaviour behaviour = exchange -> {};

    @TempDir
    private Path folder;

    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            behaviour.answer(exchange);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void listsPagesToTheLast() {
        behaviour =
                exchange -> answer(exchange, 200, isSecondPage(exchange) ? page(false, null, 1, "b.md") : FIRST_PAGE);
        assertThat(list().entries()).extracting(Entry::id).containsExactly("a.md", "b.md");
    }

    @Test
    void failsIfALaterPageIsRefused() {
        behaviour = exchange -> {
            if (isSecondPage(exchange)) {
                answer(exchange, 503, "<Error><Code>SlowDown</Code></Error>");
            } else {
                answer(exchange, 200, FIRST_PAGE);
            }
        };
        fails(FailureReason.SourceUnreachable, "answered 503 (SlowDown)");
        assertThat(requests.get()).as("it is tried again before").isGreaterThan(2);
    }

    @Test
    void paysInTimeForRequestsThatAreTriedAgainToo() {
        behaviour = exchange -> answer(exchange, 503, "<Error><Code>SlowDown</Code></Error>");
        var time = new VirtualTime();
        var s3 = slowly(60);
        var declared = new SourceManifest("docs", s3, List.of(), List.of(), null, null);
        var reading = reading();
        fails(
                () -> {
                    try (var source = new S3Source(declared, s3, null, reading, time)) {
                        Listed.of(source);
                    }
                },
                FailureReason.SourceUnreachable,
                "SlowDown");
        assertThat(requests.get()).isGreaterThan(1);
        assertThat(Duration.ofNanos(time.nanos())).isEqualTo(Duration.ofSeconds(requests.get() - 1));
    }

    @Test
    void asksBeforeEachPageWhetherTheRunGoesOnAndEndsWithThatIfItDoesNot() throws Exception {
        behaviour = exchange -> answer(exchange, 200, FIRST_PAGE);
        var s3 = slowly(0);
        var declared = new SourceManifest("docs", s3, List.of(), List.of(), null, null);
        var reading = new Reading(name -> folder, folder, 1_000, path -> false);
        try (var source = new S3Source(declared, s3, null, reading, new VirtualTime());
                var spools = Spools.in(folder.resolve("spools"))) {
            var before = new Before(null, Before.nothing(spools).documents(), () -> {
                if (requests.get() == 1) {
                    throw new IllegalStateException("told to end");
                }
            });
            assertThatThrownBy(() -> source.list(spools, before))
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("told to end");
        }
        assertThat(requests).hasValue(1);
    }

    private SourceManifest.S3 slowly(int requestsPerMinute) {
        return new SourceManifest.S3(
                "handbook",
                "",
                address(),
                "us-east-1",
                true,
                null,
                false,
                null,
                new SourceManifest.RateLimit(requestsPerMinute, 0),
                null);
    }

    @Test
    void failsIfAccessToALaterPageIsRefused() {
        behaviour = exchange -> {
            if (isSecondPage(exchange)) {
                answer(exchange, 403, "<Error><Code>AccessDenied</Code></Error>");
            } else {
                answer(exchange, 200, FIRST_PAGE);
            }
        };
        fails(FailureReason.SourceUnauthorized, "(AccessDenied)");
    }

    @Test
    void failsIfAPageIsCutOff() {
        behaviour = exchange -> answer(exchange, 200, FIRST_PAGE.substring(0, FIRST_PAGE.length() - 40));
        fails(FailureReason.SourceUnreachable, "can't be read");
    }

    @Test
    void failsIfAPageLosesTheNext() {
        behaviour = exchange -> answer(exchange, 200, page(true, null, 1, "a.md"));
        fails(FailureReason.SourceUnreachable, "is not the last one");
    }

    @Test
    void failsIfAPageLacksKeys() {
        behaviour = exchange -> answer(exchange, 200, page(false, null, 2, "a.md"));
        fails(FailureReason.SourceUnreachable, "announces 2 keys and holds 1");
    }

    @Test
    void failsIfAnObjectIsHalfTold() {
        behaviour =
                exchange -> answer(exchange, 200, page(false, null, 1, "a.md").replace("<Size>1</Size>", ""));
        fails(FailureReason.SourceUnreachable, "without key, size or entity tag");
    }

    @Test
    void failsIfWhatWasNotAskedForIsListed() {
        behaviour = exchange -> answer(exchange, 200, page(false, null, 1, "secret/a.md"));
        fails(() -> list(address(), "docs/", null), FailureReason.SourceUnreachable, "doesn't begin with the prefix");
    }

    @Test
    void setsAKeyAsideThatNoIdMayBe() {
        behaviour = exchange -> answer(
                exchange,
                200,
                isSecondPage(exchange)
                        ? page(false, null, 1, "b%2B%C3%BC.md")
                                .replace("<Name>", "<EncodingType>url</EncodingType><Name>")
                        : page(true, "2", 1, "a%01.md").replace("<Name>", "<EncodingType>url</EncodingType><Name>"));
        assertThat(list().entries())
                .satisfiesExactlyInAnyOrder(
                        MisbehavingStoreTest::isSetAside,
                        good -> assertThat(good.id()).isEqualTo("b+ü.md"));
    }

    private static void isSetAside(Entry entry) {
        assertThat(entry)
                .isInstanceOfSatisfying(
                        Entry.Unreadable.class,
                        unreadable -> assertThat(unreadable.reason()).isEqualTo(QuarantineReason.BadId));
    }

    @Test
    void failsIfTheListingNeverEnds() {
        behaviour = exchange -> answer(exchange, 200, page(true, "2", 1, "a.md"));
        fails(FailureReason.SourceUnreachable, "repeats itself");
    }

    @Test
    @Timeout(20)
    void failsIfPagesComeAgainUnderOtherTokens() {
        behaviour = exchange -> answer(exchange, 200, page(true, "t" + requests.get(), 1, "a.md"));
        fails(FailureReason.SourceUnreachable, "the listing repeats itself");
        assertThat(requests.get()).isEqualTo(2);
    }

    /** Which no two pages in a row tell. */
    @Test
    @Timeout(20)
    void failsIfTheListingGoesRoundInCircles() {
        behaviour = exchange -> {
            var number = requests.get();
            var key = number <= 3 ? "begin-%d.md".formatted(number) : "round-%d.md".formatted(number % 7);
            answer(exchange, 200, page(true, String.valueOf(number % 2), 1, key));
        };
        fails(FailureReason.SourceUnreachable, "the listing repeats itself");
        assertThat(requests.get()).isBetween(7, 30);
    }

    /** As directory buckets list them. */
    @Test
    void takesKeysThatDontAscend() {
        var keys = List.of("m.md", "c.md", "x.md", "a.md", "d.md");
        behaviour = exchange -> {
            var number = requests.get();
            answer(exchange, 200, page(number < keys.size(), "t" + number, 1, keys.get(number - 1)));
        };
        assertThat(list().entries()).extracting(Entry::id).containsExactly("a.md", "c.md", "d.md", "m.md", "x.md");
    }

    @Test
    void takesPagesWithoutKeysAndNotForEver() throws IOException {
        behaviour = exchange -> answer(
                exchange, 200, requests.get() < 20 ? emptyPage("t" + requests.get()) : page(false, null, 1, "a.md"));
        assertThat(list().entries()).extracting(Entry::id).containsExactly("a.md");
        var headway = new Headway();
        for (var empty = 0; empty < Headway.MOST_EMPTY_PAGES; empty++) {
            headway.take(List.of());
        }
        assertThatThrownBy(() -> headway.take(List.of())).hasMessageContaining("10000 pages");
    }

    /** Those of Amazon have at most 1,024 bytes, and nobody knows what other stores take. */
    @Test
    void setsAKeyAsideThatIsLongerThanAnyIdMayBe() {
        behaviour = exchange -> answer(
                exchange,
                200,
                isSecondPage(exchange) ? page(false, null, 1, "b.md") : page(true, "2", 1, "k".repeat(8_192)));
        assertThat(list().entries())
                .satisfiesExactlyInAnyOrder(
                        MisbehavingStoreTest::isSetAside,
                        good -> assertThat(good.id()).isEqualTo("b.md"));
    }

    /** XML can't have it, so that a store which doesn't encode keys can't list such a one. */
    @Test
    void failsIfAControlCharacterIsSentAsItIs() {
        behaviour = exchange -> answer(exchange, 200, page(false, null, 1, "a\u0001.md"));
        fails(FailureReason.SourceUnreachable, "can't be read");
    }

    @Test
    void saysWhichFileIsRefusedThatAListingNeeds() {
        var lines = new SourceManifest.JsonLines("id", null, "text", null, List.of());
        var access = new SourceManifest.Access("access", "policies/.access.yaml");
        for (var declared : List.of(
                new SourceManifest("docs", bucket(), List.of(), List.of(), null, lines),
                new SourceManifest("docs", bucket(), List.of(), List.of(), null, null).with(access))) {
            var file = declared.jsonl() == null ? "policies/.access.yaml" : "faq.jsonl";
            for (var code : List.of("AccessDenied", "InvalidObjectState", "NoSuchKey", "InvalidAccessKeyId")) {
                behaviour = exchange -> {
                    if (exchange.getRequestURI().getPath().endsWith(file)) {
                        answer(
                                exchange,
                                code.equals("NoSuchKey") ? 404 : 403,
                                "<Error><Code>%s</Code></Error>".formatted(code));
                    } else {
                        answer(exchange, 200, page(false, null, 1, file));
                    }
                };
                var refused = code.equals("AccessDenied") || code.equals("InvalidAccessKeyId");
                fails(
                        () -> list(declared),
                        refused ? FailureReason.SourceUnauthorized : FailureReason.SourceUnreachable,
                        switch (code) {
                            case "AccessDenied" -> "refuses to give " + file + " of bucket handbook";
                            case "InvalidAccessKeyId" -> "(InvalidAccessKeyId)";
                            default -> file + " of bucket handbook";
                        });
            }
        }
    }

    /** What stands between may send what came of an object as if it were all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesNoHalfOfAnObjectForAllOfIt(boolean isInChunks) {
        var half = "{\"id\": 1, \"text\": \"words\"}\n";
        behaviour = exchange -> {
            var file = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
            if (file.contains(".")) {
                exchange.getResponseHeaders().add("ETag", "\"1\"");
                exchange.sendResponseHeaders(200, isInChunks ? 0 : half.length());
                exchange.getResponseBody().write(half.getBytes(StandardCharsets.UTF_8));
            } else {
                answer(exchange, 200, page(false, null, 1, "faq.jsonl").replace("<Size>1<", "<Size>60<"));
            }
        };
        var lines = new SourceManifest.JsonLines("id", null, "text", null, List.of());
        fails(
                () -> list(new SourceManifest("docs", bucket(), List.of(), List.of(), null, lines)),
                FailureReason.SourceUnreachable,
                "the store sent 27 of the 60 bytes of faq.jsonl");
        var text = new SourceManifest("docs", bucket(), List.of(), List.of(), null, null);
        try (var source = Sources.open(text, reading())) {
            var listed = Listed.of(source).entries().getFirst();
            assertThatThrownBy(() -> Listed.text(source, listed))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the store sent 27 of the 60 bytes of faq.jsonl");
        }
    }

    /** Consoles make folders by objects that are empty; other programs write what they like. */
    @Test
    void passesOverNoObjectThatHoldsSomething() {
        behaviour = exchange -> answer(
                exchange,
                200,
                switch (requests.get()) {
                    case 1 -> page(true, "2", 1, "docs/").replace("<Size>1<", "<Size>0<");
                    case 2 -> page(true, "3", 1, "docs/a/").replace("<Size>1<", "<Size>0<");
                    case 3 -> page(true, "4", 1, "docs/b/");
                    case 4 -> page(true, "5", 1, "docs/");
                    default -> page(false, null, 1, "docs/a.md");
                });
        assertThat(list(address(), "docs/", null).entries())
                .satisfiesExactly(
                        document -> assertThat(document.id()).isEqualTo("a.md"),
                        slashed -> assertThat(slashed)
                                .isInstanceOf(Entry.File.class)
                                .extracting(Entry::id)
                                .isEqualTo("b/"),
                        MisbehavingStoreTest::isSetAside);
    }

    /** As a store may do whose listing changes while it is read: no document is lost by it. */
    @Test
    void takesAnObjectThatIsListedAgainForTheSame() {
        behaviour = exchange -> answer(
                exchange,
                200,
                switch (requests.get()) {
                    case 1 -> page(true, "2", 1, "a.md");
                    case 2 -> page(true, "3", 1, "b.md");
                    case 3 -> page(true, "4", 1, "c.md");
                    case 4 -> page(true, "5", 1, "d.md");
                    default -> page(false, null, 1, "c.md");
                });
        assertThat(list().entries()).extracting(Entry::id).containsExactly("a.md", "b.md", "c.md", "d.md");
    }

    @Test
    void followsNoRedirect() {
        behaviour = exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest/meta-data/");
            answer(exchange, 307, "<Error><Code>TemporaryRedirect</Code></Error>");
        };
        fails(FailureReason.SourceInvalid, "correct s3.region or s3.endpoint");
    }

    @Test
    void trustsOnlyADeclaredAuthority(@TempDir Path keys) throws Exception {
        var authority = TestAuthority.in(keys);
        var https = secured(authority);
        try {
            var port = https.getAddress().getPort();
            var address = "https://127.0.0.1:" + port;
            assertThat(list(address, authority.pem()).entries()).hasSize(1);
            fails(() -> list(address, authority.otherPem()), FailureReason.SourceUnreachable, "isn't trusted");
            refuses(authority, authority.expired(), "has expired or isn't valid yet: have it renewed");
            refuses(authority, authority.misnamed(), "is another host's: declare a name of the host");
            fails(() -> list(address, null), FailureReason.SourceUnreachable, "give its CA in s3.caConfigMapRef");
            fails(
                    () -> list("https://localhost:" + port, authority.pem()),
                    FailureReason.SourceUnreachable,
                    "localhost");
            fails(() -> list(address, "no certificate"), FailureReason.SourceInvalid, "holds no PEM certificate");
        } finally {
            https.stop(0);
        }
    }

    private void refuses(TestAuthority trusted, TestAuthority host, String says) throws Exception {
        var https = secured(host);
        try {
            var address = "https://127.0.0.1:" + https.getAddress().getPort();
            fails(() -> list(address, trusted.pem()), FailureReason.SourceUnreachable, says);
        } finally {
            https.stop(0);
        }
    }

    private static HttpsServer secured(TestAuthority host) throws Exception {
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(host.host()));
        https.createContext("/", exchange -> {
            answer(exchange, 200, page(false, null, 1, "a.md"));
            exchange.close();
        });
        https.start();
        return https;
    }

    @Test
    void saysThatThereIsNoAddressAndThatNobodyAnswers() {
        fails(() -> list("http://gone.invalid", null), FailureReason.SourceUnreachable, "no address for the host name");
        var closed = address();
        server.stop(0);
        fails(() -> list(closed, null), FailureReason.SourceUnreachable, "can't be read");
    }

    @Test
    void takesNoWebsiteForAStore() {
        behaviour = exchange -> answer(exchange, 200, "<html><body>It works!</body></html>");
        fails(FailureReason.SourceUnreachable, "is no listing");
        behaviour = exchange -> answer(exchange, 404, "<html><body>Nothing here</body></html>");
        fails(FailureReason.SourceUnreachable, "404");
    }

    @Test
    void readsNoEntityOfAnXmlBomb() {
        behaviour = exchange -> answer(
                exchange,
                200,
                "<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>" + FIRST_PAGE.replace("a.md", "&x;"));
        fails(FailureReason.SourceUnreachable, "can't be read");
    }

    @Test
    void unpacksNoEntitiesOfEntities() {
        var bomb = new StringBuilder("<!DOCTYPE l [<!ENTITY e0 \"words\">");
        for (var level = 1; level < 12; level++) {
            bomb.append("<!ENTITY e%d \"%s\">"
                    .formatted(level, "&e%d;".formatted(level - 1).repeat(10)));
        }
        behaviour = exchange -> answer(exchange, 200, bomb + "]>" + FIRST_PAGE.replace("a.md", "&e11;.md"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> fails(FailureReason.SourceUnreachable, "can't be read"));
    }

    @Test
    void saysThatClocksDiffer() {
        behaviour = exchange -> answer(exchange, 403, "<Error><Code>RequestTimeTooSkewed</Code></Error>");
        fails(FailureReason.SourceUnreachable, "the clocks of the worker and of http://127.0.0.1");
    }

    private void fails(FailureReason reason, String says) {
        fails(this::list, reason, says);
    }

    private static void fails(ThrowingCallable listing, FailureReason reason, String says) {
        assertThatThrownBy(listing)
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                .hasMessageContaining(says)
                .hasMessageContaining("nothing was changed");
    }

    private Listed list() {
        return list(address(), null);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Listed list(String endpoint, @Nullable String authorities) {
        return list(endpoint, "", authorities);
    }

    private Listed list(String endpoint, String prefix, @Nullable String authorities) {
        var s3 = new SourceManifest.S3(
                "handbook",
                prefix,
                endpoint,
                "us-east-1",
                true,
                null,
                false,
                authorities,
                SourceManifest.RateLimit.NONE,
                null);
        return list(new SourceManifest("docs", s3, List.of(), List.of(), null, null));
    }

    private SourceManifest.S3 bucket() {
        return new SourceManifest.S3(
                "handbook", "", address(), "us-east-1", true, null, false, null, SourceManifest.RateLimit.NONE, null);
    }

    private Listed list(SourceManifest declared) {
        try (var source = Sources.open(declared, reading())) {
            return Listed.of(source);
        }
    }

    private Reading reading() {
        return new Reading(name -> folder, folder, 1_000, path -> false);
    }

    private static String emptyPage(String next) {
        return "<ListBucketResult><Name>handbook</Name><KeyCount>0</KeyCount><IsTruncated>true</IsTruncated><NextContinuationToken>%s</NextContinuationToken></ListBucketResult>"
                .formatted(next);
    }

    private static boolean isSecondPage(HttpExchange exchange) {
        return exchange.getRequestURI().getQuery().contains("continuation-token=2");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String page(boolean truncated, @Nullable String next, int count, String key) {
        return "<ListBucketResult><Name>handbook</Name><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s<Contents><Key>%s</Key><ETag>\"1\"</ETag><Size>1</Size></Contents></ListBucketResult>"
                .formatted(
                        count,
                        truncated,
                        next == null ? "" : "<NextContinuationToken>" + next + "</NextContinuationToken>",
                        key);
    }
}
