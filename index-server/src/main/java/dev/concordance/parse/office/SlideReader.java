package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * PresentationML (ECMA-376, part 1, chapter 19): each slide is a page, its title the heading of all that is on it, speaker
 * notes included. What repeats on each slide isn't read; a slide that isn't shown is marked as hidden.
 */
final class SlideReader implements Xml.Visitor {
    private static final Set<String> TITLES = Set.of("title", "ctrTitle");
    private static final Set<String> REPEATED = Set.of("dt", "ftr", "hdr", "sldNum", "sldImg");

    private final StringBuilder title = new StringBuilder();
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private String placeholder = "";
    private boolean inRow;
    private boolean inText;
    private boolean hidden;

    private record Part(String words, boolean isRow) {}

    private SlideReader() {}

    static void read(Archive archive, String main, DocumentText document) throws UnreadableDocument, IOException {
        var parts = new OfficeParts(archive);
        parts.facts(document);
        for (var slide : slides(archive, parts, main)) {
            document.beginPage();
            document.leave();
            var shown = new SlideReader();
            Xml.walk(archive.open(slide), "Fallback"::equals, shown);
            shown.tell(document);
            for (var notes : parts.ofType(slide, "notesSlide")) {
                var spoken = new SlideReader();
                Xml.walk(archive.open(notes), "Fallback"::equals, spoken);
                spoken.hidden = shown.hidden;
                spoken.tell(document);
            }
        }
    }

    /** In the order in which they are shown. */
    private static List<String> slides(Archive archive, OfficeParts parts, String main)
            throws UnreadableDocument, IOException {
        var byId = parts.byId(main);
        var slides = new ArrayList<String>();
        Xml.walk(archive.open(main), name -> false, new Xml.Visitor() {
            @Override
            public void start(String name, Xml element) throws IOException {
                if (name.equals("sldId")) {
                    var slide = byId.get(element.relationship());
                    if (slide == null) {
                        throw new IOException("a slide is missing");
                    }
                    slides.add(slide);
                }
            }

            @Override
            public void end(String name) {}
        });
        return slides;
    }

    private void tell(DocumentText document) throws UnreadableDocument {
        document.title(hidden ? "" : title.toString());
        document.heading(1, marked(title.toString()));
        for (var part : parts) {
            if (part.isRow()) {
                document.whole(marked(part.words()));
            } else {
                document.paragraph(marked(part.words()));
            }
        }
    }

    private String marked(String words) {
        return hidden ? DocumentText.hidden(words) : words;
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "sld" -> hidden = Xml.isFalse(element.attribute("show"));
            case "sp" -> placeholder = "";
            case "ph" -> placeholder = element.attribute("type");
            case "tr" -> {
                inRow = true;
                cells.clear();
            }
            case "t" -> inText = true;
            case "br" -> words.append('\n');
            default -> {}
        }
    }

    @Override
    public void text(String characters) {
        if (inText) {
            words.append(characters);
        }
    }

    @Override
    public void end(String name) {
        switch (name) {
            case "p" -> endParagraph();
            case "tc" -> {
                cells.add(cell.toString());
                cell.setLength(0);
            }
            case "tr" -> {
                inRow = false;
                parts.add(new Part(Flow.row(cells), true));
            }
            case "sp" -> placeholder = "";
            case "t" -> inText = false;
            default -> {}
        }
    }

    private void endParagraph() {
        var paragraph = words.toString().strip();
        words.setLength(0);
        if (inRow) {
            cell.append(cell.isEmpty() ? "" : " ").append(paragraph);
        } else if (TITLES.contains(placeholder)) {
            title.append(title.isEmpty() ? "" : " ").append(paragraph.replace('\n', ' '));
        } else if (!REPEATED.contains(placeholder)) {
            parts.add(new Part(paragraph, false));
        }
    }
}
