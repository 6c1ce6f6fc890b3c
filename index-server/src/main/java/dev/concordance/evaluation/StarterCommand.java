package dev.concordance.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.evaluation.starter.StarterSet;
import dev.concordance.evaluation.starter.StarterSet.Headed;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** The verb {@code evaluate init}: writes judged queries that are made of documents, for a corpus that has none. */
public final class StarterCommand {
    private static final int SUCCEEDED = 0;
    private static final int FAILED = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private StarterCommand() {}

    /**
     * Writes.
     *
     * @param documents a JSON object a line, with {@code id} or {@code _id}, {@code title} and, if it has any, {@code headings}
     * @param atMost so many queries
     * @return the exit code
     */
    public static int run(Path documents, int atMost, PrintStream out) {
        if (!Files.isRegularFile(documents)) {
            out.println("there is no file " + documents);
            return FAILED;
        }
        try (var lines = Files.lines(documents)) {
            var queries = StarterSet.of(
                    lines.filter(line -> !line.isBlank())
                            .map(StarterCommand::document)
                            .iterator(),
                    atMost);
            queries.forEach(out::println);
            if (queries.isEmpty()) {
                out.println("no title or heading of " + documents + " has two words and is the only one of its words");
            }
            return queries.isEmpty() ? FAILED : SUCCEEDED;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            out.println(e.getMessage());
            return FAILED;
        }
    }

    private static Headed document(String line) {
        try {
            var document = JSON.readTree(line);
            var id = document.path(document.has("_id") ? "_id" : "id").asText();
            if (id.isEmpty()) {
                throw new IllegalArgumentException(
                        "a line has no id: " + line.substring(0, Math.min(80, line.length())));
            }
            var headings = new ArrayList<String>();
            for (JsonNode heading : document.path("headings")) {
                headings.add(heading.asText());
            }
            return new Headed(id, document.path("title").asText(), headings);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "a line is no JSON object: " + line.substring(0, Math.min(80, line.length())), e);
        }
    }
}
