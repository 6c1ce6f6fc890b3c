package dev.concordance.parse.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.DocumentText;
import dev.concordance.parse.ParsedDocument;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.parse.remote.DoclingDocument.Cell;
import dev.concordance.parse.remote.DoclingDocument.Node;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes a document of what docling-serve answers: headings by their levels, rows of tables, captions, words of pictures, and the
 * page of each. Headers and footers of pages aren't part of the text.
 */
public final class DoclingReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final Set<String> LAYERS = Set.of("body", "notes");
    private static final int MOST_PAGES = 20_000;
    private static final String SHEET = "sheet: ";

    private final DoclingDocument source;
    private final DocumentText text;
    /** Two that say the same are still two. */
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Deque<Node> waiting = new ArrayDeque<>();
    private int pages;

    private DoclingReader(DoclingDocument source, DocumentText text) {
        this.source = source;
        this.text = text;
    }

    /** Reads an answer; an IOException means that it is none. */
    public static ParsedDocument read(String name, byte[] answer) throws UnreadableDocument, IOException {
        var text = new DocumentText();
        new DoclingReader(document(answer), text).read();
        return text.document(name);
    }

    private static DoclingDocument document(byte[] answer) throws IOException, UnreadableDocument {
        try {
            var content = JSON.readValue(answer, DoclingDocument.Answer.class).document();
            if (content != null && content.json() != null) {
                return content.json();
            }
        } catch (JsonProcessingException e) {
            // Its message quotes what is read.
        }
        throw new UnreadableDocument(
                QuarantineReason.ParserFailed,
                "what the remote parser made of it can't be read: exclude it, or use another version of the parser");
    }

    private void read() throws UnreadableDocument {
        if (source.body() != null) {
            await(source.body());
        }
        while (!waiting.isEmpty()) {
            var node = waiting.pop();
            if (seen.add(node) && LAYERS.contains(node.layer() == null ? "body" : node.layer())) {
                say(node);
            }
        }
    }

    /** Its parts come next, in their order. */
    private void await(Node node) {
        var parts = node.parts().reversed();
        parts.forEach(part -> source.find(part).ifPresent(waiting::push));
    }

    private void say(Node node) throws UnreadableDocument {
        turnTo(node.page());
        switch (node.labelled()) {
            case "title" -> {
                text.title(node.words());
                text.heading(1, node.words());
            }
            case "section_header" ->
                text.heading(1 + Math.max(1, node.level() == null ? 1 : node.level()), node.words());
            case "list_item" -> text.paragraph(marked(node));
            case "code", "formula" -> text.whole(node.words());
            case "inline" -> {
                text.paragraph(inline(node));
                return;
            }
            case "sheet" -> text.enter(1, sheet(node));
            case "page_header", "page_footer" -> {
                return;
            }
            case "table", "document_index" -> {
                captions(node);
                rows(node);
            }
            default -> text.paragraph(node.words());
        }
        await(node);
    }

    private void turnTo(int page) throws UnreadableDocument {
        if (page > MOST_PAGES) {
            throw new UnreadableDocument(
                    QuarantineReason.TooLarge,
                    "it has more than the %d pages that are read: divide or exclude it".formatted(MOST_PAGES));
        }
        for (; pages < page; pages++) {
            text.beginPage();
        }
    }

    private static String marked(Node node) {
        var marker = node.marker() == null ? "" : node.marker().strip();
        return marker.isEmpty() ? node.words() : marker + " " + node.words();
    }

    /** Pieces of one paragraph that look different. */
    private String inline(Node node) {
        return node.parts().stream()
                .flatMap(part -> source.find(part).stream())
                .filter(seen::add)
                .map(Node::words)
                .collect(Collectors.joining(" "));
    }

    private static String sheet(Node node) {
        var name = node.name() == null ? "" : node.name();
        return name.startsWith(SHEET) ? name.substring(SHEET.length()) : name;
    }

    private void captions(Node node) throws UnreadableDocument {
        for (var caption : node.captions() == null ? List.<DoclingDocument.Reference>of() : node.captions()) {
            var found = source.find(caption);
            if (found.isPresent() && seen.add(found.get())) {
                text.paragraph(found.get().words());
            }
        }
    }

    private void rows(Node node) throws UnreadableDocument {
        var cells = node.data() == null || node.data().cells() == null
                ? List.<Cell>of()
                : node.data().cells();
        var rows = cells.stream().collect(Collectors.groupingBy(Cell::row, TreeMap::new, Collectors.toList()));
        for (var row : rows.values()) {
            row.sort(Comparator.comparingInt(Cell::column));
            text.whole(row.stream()
                    .map(cell -> cell.text() == null ? "" : cell.text().strip())
                    .collect(Collectors.joining(" | ")));
        }
    }
}
