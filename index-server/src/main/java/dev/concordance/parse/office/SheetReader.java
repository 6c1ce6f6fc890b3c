package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * SpreadsheetML (ECMA-376, part 1, chapter 18): each visible sheet is a section of its name, its first row, if all of it is
 * words, the heading of the others, which are rows of values as they are shown. Rows and columns that are folded away are
 * marked as hidden.
 */
final class SheetReader implements Xml.Visitor {
    private static final int LETTERS = 26;
    private static final int LONGEST_COLUMN = 3;

    private final DocumentText document;
    private final List<String> shared;
    private final CellFormats formats;
    private final List<String> cells = new ArrayList<>();
    private final List<Columns> folded = new ArrayList<>();
    private final StringBuilder value = new StringBuilder();
    private String type = "";
    private int style;
    private boolean inValue;
    private boolean worded = true;
    private boolean first = true;

    private int column;
    private boolean hidden;

    /** Both count from 1 and are inclusive. */
    private record Columns(int first, int last) {}

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
            case "col" -> {
                if (isTrue(element.attribute("hidden"))) {
                    folded.add(new Columns(element.number("min", 0), element.number("max", 0)));
                }
            }
            case "row" -> {
                cells.clear();
                worded = true;
                column = 0;
                hidden = isTrue(element.attribute("hidden"));
            }
            case "c" -> {
                column = column(element.attribute("r"), column + 1);
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
        var shown = switch (type) {
            case "s" -> shared(raw);
            case "b" -> isTrue(raw) ? "TRUE" : "FALSE";
            case "", "n" -> formats.shown(raw, style);
            default -> raw;
        };
        var isFolded = folded.stream().anyMatch(columns -> columns.first() <= column && column <= columns.last());
        cells.add(isFolded ? DocumentText.hidden(shown) : shown);
    }

    /** Of a reference such as {@code AB12}; {@code otherwise} if there is none. */
    private static int column(String reference, int otherwise) {
        var column = 0;
        for (var i = 0; i < Math.min(reference.length(), LONGEST_COLUMN); i++) {
            var c = reference.charAt(i);
            column = c >= 'A' && c <= 'Z' ? column * LETTERS + c - 'A' + 1 : column;
        }
        return column == 0 ? otherwise : column;
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
        var joined = String.join(" | ", shown);
        var row = hidden ? DocumentText.hidden(joined) : joined;
        var heads = first && worded && shown.size() > 1 && new HashSet<>(shown).size() == shown.size();
        first = false;
        if (heads) {
            document.heading(2, row);
        } else {
            document.whole(row);
        }
    }
}
