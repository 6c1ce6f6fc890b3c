package dev.concordance.inlet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Outcome;
import dev.concordance.manifest.ManifestJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Changes that came in one request, some of which are held at a time; each is made for itself, and told of for itself. */
final class Batch {
    /** Lines that a batch may have. */
    static final int MOST_ITEMS = 10_000;

    private static final int ITEMS_AT_ONCE = 100;
    private static final long BYTES_AT_ONCE = 1 << 20;
    private static final int LONGEST_SHOWN_ID = 1_024;

    private final String source;
    private final Requests requests;
    private final DocumentParser parser;
    private final Receiving.State state;
    private final Answers answers;
    private final BiConsumer<Item, Integer> told;
    private final ArrayNode results = ManifestJson.mapper().createArrayNode();
    private final Set<String> ids = new HashSet<>();
    private final List<Item> held = new ArrayList<>();
    private long heldBytes;
    private long newest = -1;
    private int failed;

    /** @param told is told each item's status */
    Batch(
            String source,
            Requests requests,
            DocumentParser parser,
            Receiving.State state,
            Answers answers,
            BiConsumer<Item, Integer> told) {
        this.source = source;
        this.requests = requests;
        this.parser = parser;
        this.state = state;
        this.answers = answers;
        this.told = told;
    }

    /** Does what the body asks for; throws {@link Problem} where the rest of it was not done, after which {@link #result} has what was. */
    void read(Body body) {
        var longest = (int) Math.min(parser.mostJson(), Integer.MAX_VALUE - 8);
        try {
            for (var number = 1; ; number++) {
                var line = body.line(longest);
                if (line == null) {
                    break;
                }
                if (number > MOST_ITEMS) {
                    throw new Problem(
                            413,
                            "Content Too Large",
                            "the batch has more than %d lines: send the rest in another".formatted(MOST_ITEMS));
                }
                add(number, line.bytes(), longest);
            }
        } finally {
            flush();
        }
    }

    private void add(int number, byte @Nullable [] bytes, int longest) {
        held.add(
                bytes == null
                        ? new Item.Wrong(number, null, Problem.tooLarge(longest))
                        : unique(Item.of(number, bytes, source, parser, requests)));
        heldBytes += bytes == null ? 0 : bytes.length;
        if (held.size() >= ITEMS_AT_ONCE || heldBytes >= BYTES_AT_ONCE) {
            flush();
        }
    }

    private Item unique(Item item) {
        if (item instanceof Item.Valid valid && !ids.add(valid.change().id())) {
            return new Item.Wrong(
                    item.line(),
                    valid.change().id(),
                    new Problem(409, "Conflict", "an id may stand in a batch once: send the second change afterwards"));
        }
        return item;
    }

    private void flush() {
        var items = List.copyOf(held);
        held.clear();
        heldBytes = 0;
        var changes = items.stream()
                .filter(Item.Valid.class::isInstance)
                .map(item -> ((Item.Valid) item).change())
                .toList();
        var outcomes = changes.isEmpty()
                ? List.<Outcome>of().iterator()
                : state.inbox().apply(changes).iterator();
        for (var item : items) {
            var json = switch (item) {
                case Item.Valid valid -> answers.item(valid.change(), outcomes.next());
                case Item.Wrong wrong -> wrong(wrong);
            };
            note(item, json);
        }
    }

    private void note(Item item, ObjectNode json) {
        var status = json.path("status").asInt();
        failed += status < 300 ? 0 : 1;
        newest = Math.max(newest, json.path("sequence").asLong(-1));
        json.remove("sequence");
        results.add(json.put("line", item.line()));
        told.accept(item, status);
    }

    private static ObjectNode wrong(Item.Wrong wrong) {
        var json = ManifestJson.mapper().createObjectNode();
        var id = wrong.id();
        if (id != null) {
            json.put("id", id.length() <= LONGEST_SHOWN_ID ? id : id.substring(0, LONGEST_SHOWN_ID));
        }
        return json.put("status", wrong.problem().status())
                .put("detail", wrong.problem().getMessage());
    }

    /** What was done. */
    ObjectNode result() {
        var json = ManifestJson.mapper().createObjectNode();
        json.put("succeeded", results.size() - failed).put("failed", failed);
        if (newest >= 0) {
            json.put("position", answers.position(newest));
        }
        json.set("items", results);
        return json;
    }

    /** Whether everything was done that was read. */
    boolean isWhole() {
        return failed == 0;
    }
}
