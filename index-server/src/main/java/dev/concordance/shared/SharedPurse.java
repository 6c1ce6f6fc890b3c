package dev.concordance.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.Spending;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The purse of a namespace for one model. What a request may cost at most is written down before it is sent, by a conditional
 * write, since other corpora spend from the same purse; what was too much comes off with the next request. So a worker that
 * dies has counted everything that it spent, and the budget is never exceeded.
 */
public final class SharedPurse implements Purse, AutoCloseable {
    private static final int MOST_CONFLICTS = 100;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final ElasticsearchConnection elasticsearch;
    private final String index;
    private final String corpus;
    private final RemoteAccess access;
    private final Clock clock;
    private final Map<String, Long> tooMuch = new HashMap<>();
    private @Nullable Page page;
    private int underWay;
    private Spending.Amount spent = Spending.Amount.NONE;

    /**
     * The document as it was seen last.
     *
     * @param precondition under which it is written
     */
    private record Page(Spending spending, String precondition) {}

    public SharedPurse(ElasticsearchConnection elasticsearch, IndexNames names, RemoteAccess access, Clock clock) {
        this.elasticsearch = elasticsearch;
        this.index = names.spending();
        this.corpus = names.corpus();
        this.access = access;
        this.clock = clock;
    }

    /** Waits for requests under way, if what comes back from them may do. */
    @Override
    public synchronized Payment pay(long tokensAtMost) {
        var month = Spending.month(clock.instant());
        while (!write(month, 1, tokensAtMost - tooMuch.getOrDefault(month, 0L), true)) {
            if (underWay == 0) {
                throw exhausted(month);
            }
            awaitSettlement();
        }
        tooMuch.remove(month);
        underWay++;
        return tokens -> settle(month, tokensAtMost, tokens);
    }

    /** What went through this purse, without the requests that are under way. */
    public synchronized Spending.Amount spent() {
        return spent;
    }

    /** Writes down what the last requests took less than was thought. */
    @Override
    public synchronized void close() {
        for (var month : Map.copyOf(tooMuch).entrySet()) {
            write(month.getKey(), 0, -month.getValue(), false);
            tooMuch.remove(month.getKey());
        }
    }

    private synchronized void settle(String month, long paid, long tokens) {
        tooMuch.merge(month, paid - tokens, Long::sum);
        spent = spent.plus(1, tokens, access.price());
        underWay--;
        notifyAll();
    }

    private void awaitSettlement() {
        try {
            wait();
        } catch (InterruptedException e) {
            throw ending();
        }
    }

    /** False: it would exceed the budget. */
    private boolean write(String month, long requests, long tokens, boolean withinBudget) {
        if (page != null && !page.spending().month().equals(month)) {
            page = null;
        }
        for (var attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
            var isFresh = page == null;
            var seen = page == null ? read(month) : page;
            var after = seen.spending().plus(corpus, requests, tokens, access.price());
            if (withinBudget && exceeds(after)) {
                page = isFresh ? seen : null;
                if (isFresh) {
                    return false;
                }
                // Another corpus may have got something back.
                continue;
            }
            page = written(seen, after);
            if (page != null) {
                return true;
            }
        }
        throw new ModelException(
                FailureReason.ModelUnavailable,
                "what is spent on the model can't be written down: too many do at once");
    }

    private boolean exceeds(Spending after) {
        var budget = budget();
        return budget != null && new BigDecimal(after.total().money()).compareTo(new BigDecimal(budget)) > 0;
    }

    private @Nullable String budget() {
        return access.price() == null ? null : access.price().monthlyBudget();
    }

    private ModelException exhausted(String month) {
        var total = page == null ? Spending.Amount.NONE : page.spending().total();
        return new ModelException(
                FailureReason.BudgetExhausted,
                "of the %s %s that budget.perMonth of EmbeddingModel %s allows for %s, %s are spent, and what is left does not pay for the next request: raise it, or wait until %s, when embedding goes on by itself"
                        .formatted(
                                budget(),
                                access.price() == null ? "" : access.price().currency(),
                                access.account(),
                                month,
                                total.money(),
                                YearMonth.parse(month).plusMonths(1).atDay(1)));
    }

    private Page read(String month) {
        var answer = elasticsearch.send("GET", path(month), null);
        var json = answer.json();
        if (answer.status() == NOT_FOUND && json.path("error").isObject()) {
            throw new ModelException(
                    FailureReason.ModelUnavailable,
                    "what is spent on the model can't be written down, since the index %s does not exist: the operator creates it before the next run"
                            .formatted(index));
        }
        if (!json.path("found").asBoolean()) {
            return new Page(Spending.none(month, access.account()), "op_type=create");
        }
        try {
            return new Page(
                    ManifestJson.mapper().treeToValue(json.path("_source"), Spending.class),
                    precondition(
                            json.path("_seq_no").asLong(),
                            json.path("_primary_term").asLong()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelException ending() {
        Thread.currentThread().interrupt();
        return new ModelException(FailureReason.ModelUnavailable, "the worker is ending");
    }

    /** Null: somebody else has written meanwhile. */
    private @Nullable Page written(Page seen, Spending after) {
        try {
            var body = ManifestJson.mapper().writeValueAsString(after).getBytes(StandardCharsets.UTF_8);
            var path = path(after.month()) + "?" + seen.precondition();
            var answer = elasticsearch.send("PUT", path, body);
            if (answer.status() == CONFLICT) {
                return null;
            }
            var json = answer.json();
            if (answer.status() >= 300) {
                throw new ModelException(
                        FailureReason.ModelUnavailable,
                        "what is spent on the model can't be written down: Elasticsearch answered " + answer.status());
            }
            return new Page(
                    after,
                    precondition(
                            json.path("_seq_no").asLong(),
                            json.path("_primary_term").asLong()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String precondition(long sequence, long term) {
        return "if_seq_no=" + sequence + "&if_primary_term=" + term;
    }

    private String path(String month) {
        return "/" + index + "/_doc/" + Spending.id(month, access.account());
    }
}
