package dev.concordance.parse.office;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.poi.ss.usermodel.BuiltinFormats;
import org.apache.poi.ss.usermodel.DataFormatter;

/** How a workbook shows numbers: what the styles of its cells say. */
final class CellFormats implements Xml.Visitor {
    private final DataFormatter formatter = new DataFormatter(Locale.ROOT);
    private final Map<Integer, String> own = new HashMap<>();
    private final List<Integer> ofStyles = new ArrayList<>();
    private boolean inCells;
    private boolean from1904;

    void countFrom1904(boolean does) {
        from1904 = does;
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "numFmt" -> own.put(element.number("numFmtId", -1), element.attribute("formatCode"));
            case "cellXfs" -> inCells = true;
            case "xf" -> {
                if (inCells) {
                    ofStyles.add(element.number("numFmtId", 0));
                }
            }
            default -> {}
        }
    }

    @Override
    public void end(String name) {
        if (name.equals("cellXfs")) {
            inCells = false;
        }
    }

    /** A number as a reader sees it in a cell of a style; what is none stays as it is. */
    String shown(String raw, int style) {
        try {
            var number = Double.parseDouble(raw);
            var format = style >= 0 && style < ofStyles.size() ? ofStyles.get(style) : 0;
            var code = own.getOrDefault(format, BuiltinFormats.getBuiltinFormat(format));
            return code == null ? raw : formatter.formatRawCellContents(number, format, code, from1904);
        } catch (NumberFormatException e) {
            return raw;
        }
    }
}
