package dev.concordance.inlet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Change;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A line of a batch: a change, or why it is none. */
sealed interface Item {
    /** Number of the line, from 1, empty lines left out. */
    int line();

    /** A change. */
    record Valid(int line, Change change) implements Item {}

    /** A line that asks for nothing that could be done. */
    record Wrong(int line, @Nullable String id, Problem problem) implements Item {}

    Set<String> OPERATIONS = Set.of("upsert", "delete", "ifMatch", "ifNoneMatch");
    String ID = "id";

    /** Reads a line. */
    static Item of(int line, byte[] bytes, String source, DocumentParser parser, Requests requests) {
        String id = null;
        try {
            var json = DocumentParser.object(bytes);
            DocumentParser.requireKnown(json, OPERATIONS);
            if (json.has("upsert") == json.has("delete")) {
                throw Problem.invalid("expected exactly one of upsert and delete", "upsert");
            }
            var name = json.has("upsert") ? "upsert" : "delete";
            if (!(json.get(name) instanceof ObjectNode target)) {
                throw Problem.invalid(name + ": expected an object with an id", name);
            }
            id = text(target, ID);
            var valid = DocumentParser.id(id == null ? "" : id);
            target.remove(ID);
            var ifMatch = text(json, "ifMatch");
            var ifNoneMatch = text(json, "ifNoneMatch");
            var condition = Conditions.of(ifMatch, ifNoneMatch);
            var document = document(name, valid, target, parser);
            var request = requests.request(ifMatch, ifNoneMatch, document);
            return new Valid(line, new Change(source, valid, document, condition, request));
        } catch (Problem problem) {
            return new Wrong(line, id, problem);
        }
    }

    private static Change.@Nullable Document document(
            String name, String id, ObjectNode target, DocumentParser parser) {
        if (name.equals("upsert")) {
            return parser.document(id, target);
        }
        DocumentParser.requireKnown(target, Set.of(ID));
        return null;
    }

    private static @Nullable String text(ObjectNode json, String name) {
        var value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw Problem.invalid(name + ": expected a text", name);
        }
        return value.asText();
    }
}
