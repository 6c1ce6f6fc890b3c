package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * SpreadsheetML (ECMA-376, part 1, chapter 18): each visible sheet is a section of its name, its first row, if all of it is
 * words, the heading of the others, which are rows of values as they are shown.
 */
final class SheetReader implements Xml.Visitor {
    private final DocumentText document;
    private final List<String> shared;
    private final CellFormats formats;
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder value = new StringBuilder();
    private String type = "";
    private int style;
    private boolean inValue;
    private boolean worded = true;
    private boolean first = true;

    private record Sheet(String name, String part) {}

    private SheetReader(DocumentText document, List<String> shared, CellFormats formats) {
        this.document = document;
        this.shared = shared;
        this.formats = formats;
    }

    static void read(Archive archive, String main, DocumentText document) throws UnreadableDocument, IOException {
        var parts = new OfficeParts(archive);
        parts.facts(document);
        var shared = new ArrayList<String>();
        for (var part : parts.ofType(main, "sharedStrings")) {
            SharedStrings.read(archive.open(part), shared);
        }
        var formats = new CellFormats();
        for (var part : parts.ofType(main, "styles")) {
            Xml.walk(archive.open(part), name -> false, formats);
        }
        for (var sheet : sheets(archive, parts, main, formats)) {
            document.leave();
            document.enter(1, sheet.name());
            Xml.walk(archive.open(sheet.part()), "f"::equals, new SheetReader(document, shared, formats));
        }
    }

    private static List<Sheet> sheets(Archive archive, OfficeParts parts, String main, CellFormats formats)
            throws UnreadableDocument, IOException {
        var byId = parts.byId(main);
        var sheets = new ArrayList<Sheet>();
        Xml.walk(archive.open(main), name -> false, new Xml.Visitor() {
            @Override
            public void start(String name, Xml element) throws IOException {
                if (name.equals("workbookPr")) {
                    formats.countFrom1904(isTrue(element.attribute("date1904")));
                } else if (name.equals("sheet") && !element.attribute("state").endsWith("idden")) {
                    var part = byId.get(element.relationship());
                    if (part == null) {
                        throw new IOException("a sheet is missing");
                    }
                    if (part.contains("worksheets/")) {
                        sheets.add(new Sheet(element.attribute("name"), part));
                    }
                }
            }

            @Override
            public void end(String name) {}
        });
        return sheets;
    }

    private static boolean isTrue(String value) {
        return value.equals("1") || value.equals("true");
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "row" -> {
                cells.clear();
                worded = true;
            }
            case "c" -> {
                type = element.attribute("t");
                style = element.number("s", 0);
                value.setLength(0);
            }
            case "v", "t" -> inValue = true;
            default -> {}
        }
    }

    @Override
    public void text(String characters) {
        if (inValue) {
            value.append(characters);
        }
    }

    @Override
    public void end(String name) throws UnreadableDocument {
        switch (name) {
            case "v", "t" -> inValue = false;
            case "c" -> cell();
            case "row" -> row();
            default -> {}
        }
    }

    private void cell() {
        var raw = value.toString();
        var words = type.equals("s") || type.equals("str") || type.equals("inlineStr");
        worded &= words && !raw.isBlank();
        cells.add(
                switch (type) {
                    case "s" -> shared(raw);
                    case "b" -> isTrue(raw) ? "TRUE" : "FALSE";
                    case "", "n" -> formats.shown(raw, style);
                    default -> raw;
                });
    }

    private String shared(String index) {
        try {
            return shared.get(Integer.parseInt(index.strip()));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return "";
        }
    }

    private void row() throws UnreadableDocument {
        var shown = cells.stream()
                .map(cell -> cell.replace('\n', ' ').strip())
                .filter(cell -> !cell.isEmpty())
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        var row = String.join(" | ", shown);
        var heads = first && worded && shown.size() > 1 && new HashSet<>(shown).size() == shown.size();
        first = false;
        if (heads) {
            document.heading(2, row);
        } else {
            document.whole(row);
        }
    }
}
