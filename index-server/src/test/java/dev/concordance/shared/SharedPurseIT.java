package dev.concordance.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.ModelException;
import dev.concordance.http.Time;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteAccess.Price;
import dev.concordance.manifest.RemoteAccess.Protocol;
import dev.concordance.manifest.Spending;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.SharedNode;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The account of what a namespace spends on a model, in a real index. */
class SharedPurseIT {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final IndexNames handbook = new IndexNames("cc", "purse" + NEXT.incrementAndGet(), "handbook");
    private final IndexNames manual = new IndexNames("cc", handbook.namespace(), "manual");
    private final Calendar clock = new Calendar();
    private ElasticsearchConnection connection;

    @BeforeEach
    void create() {
        connection = connection(SharedNode.url());
        connection.send(
                "PUT",
                "/" + handbook.spending(),
                GenerationMapping.ledger(0).toString().getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void writesDownTheMostBeforeTheRequestAndTheTruthWithTheNext() {
        var purse = purse(handbook, "0.02", null);
        var payment = purse.pay(1_000);
        assertThat(spending("2026-11").total().tokens())
                .as("a worker may die now")
                .isEqualTo(1_000);
        payment.settle(400);
        assertThat(purse.spent()).isEqualTo(new Spending.Amount(1, 400, "0.000008", "EUR"));
        purse.pay(100).settle(100);
        assertThat(spending("2026-11").total().tokens()).isEqualTo(500);
        purse.close();
        assertThat(spending("2026-11").of("handbook")).isEqualTo(new Spending.Amount(2, 500, "0.00001", "EUR"));
    }

    @Test
    void countsWithoutAPriceToo() {
        var purse = new SharedPurse(connection, handbook, access(null), clock);
        purse.pay(10).settle(7);
        purse.close();
        assertThat(spending("2026-11").total()).isEqualTo(new Spending.Amount(1, 7, "0", null));
    }

    @Test
    void losesNothingWhereManySpendAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(6)) {
            var purses = List.of(purse(handbook, "1", null), purse(manual, "1", null), purse(manual, "1", null));
            var all = IntStream.range(0, 120)
                    .<Future<?>>mapToObj(
                            i -> threads.submit(() -> purses.get(i % 3).pay(100).settle(i)))
                    .toList();
            for (var one : all) {
                one.get();
            }
            purses.forEach(SharedPurse::close);
        }
        var spent = spending("2026-11");
        assertThat(spent.total()).isEqualTo(new Spending.Amount(120, 119 * 60, "0.00714", "EUR"));
        assertThat(spent.of("handbook").requests()).isEqualTo(40);
        assertThat(spent.of("manual").requests()).isEqualTo(80);
    }

    @Test
    void paysNothingThatCouldExceedTheBudgetWhoeverSpentIt() {
        var mine = purse(handbook, "1000000", "100");
        var others = purse(manual, "1000000", "100");
        mine.pay(60).settle(60);
        others.pay(30).settle(10);
        exhausted(mine, 31);
        others.close();
        mine.pay(30).settle(30);
        exhausted(mine, 1);
        assertThat(new BigDecimal(spending("2026-11").total().money())).isEqualByComparingTo("100");
        assertThatThrownBy(() -> others.pay(1))
                .hasMessageContaining(
                        "of the 100 EUR that budget.perMonth of EmbeddingModel small allows for 2026-11, 100 are spent")
                .hasMessageContaining("wait until 2026-12-01");
    }

    @Test
    void waitsForWhatComesBackFromRequestsUnderWay() throws Exception {
        var purse = purse(handbook, "1000000", "100");
        var first = purse.pay(60);
        try (var threads = Executors.newSingleThreadExecutor()) {
            var second = threads.submit(() -> purse.pay(60));
            assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            first.settle(40);
            second.get().settle(60);
        }
        exhausted(purse, 1);
        assertThat(purse.spent().tokens()).isEqualTo(100);
    }

    @Test
    void beginsAnewWithTheMonth() {
        var purse = purse(handbook, "1000000", "100");
        var late = purse.pay(100);
        clock.now = Instant.parse("2026-12-01T00:00:00Z");
        purse.pay(90).settle(90);
        late.settle(95);
        purse.close();
        assertThat(spending("2026-11").total().tokens()).isEqualTo(95);
        assertThat(spending("2026-12").total().tokens()).isEqualTo(90);
    }

    @Test
    void saysThatItCannotWriteDownWhatIsSpent() {
        connection.send("DELETE", "/" + handbook.spending(), null);
        assertThatThrownBy(() -> purse(handbook, "1", null).pay(1))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelUnavailable))
                .hasMessageContaining(handbook.spending())
                .hasMessageContaining("the operator creates it");
    }

    @Test
    void waitsWhereElasticsearchHasTooMuchToDo() {
        try (var proxy = RecordingProxy.start(SharedNode.url());
                var busy = connection(proxy.url())) {
            proxy.disturb(call -> true, 3, Disturbance.Refuse.with(429));
            var purse = new SharedPurse(busy, handbook, access(new Price("1", "EUR", null)), clock);
            purse.pay(10).settle(10);
            assertThat(spending("2026-11").total().tokens()).isEqualTo(10);
        }
    }

    private static ElasticsearchConnection connection(URI address) {
        return ElasticsearchConnection.open(
                        new ElasticsearchAccess(List.of(address.toString()), null, null),
                        mount -> Path.of(mount),
                        Duration.ofSeconds(60))
                .patient(Time.REAL);
    }

    private static void exhausted(SharedPurse purse, long tokens) {
        assertThatThrownBy(() -> purse.pay(tokens))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.BudgetExhausted));
    }

    private SharedPurse purse(IndexNames names, String perMillion, @Nullable String budget) {
        return new SharedPurse(connection, names, access(new Price(perMillion, "EUR", budget)), clock);
    }

    private static RemoteAccess access(@Nullable Price price) {
        return new RemoteAccess("small", Protocol.TEI, "http://127.0.0.1:1", null, null, RemoteModels.LIMITS, price);
    }

    private Spending spending(String month) {
        var document = connection
                .send("GET", "/" + handbook.spending() + "/_doc/" + Spending.id(month, "small"), null)
                .json()
                .path("_source");
        return ManifestJson.mapper().convertValue(document, Spending.class);
    }

    private static final class Calendar extends Clock {
        private Instant now = Instant.parse("2026-11-30T23:59:59Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
