package dev.concordance.parse.office;

import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which styles of a Word document make headings (those with an outline level, and what is based on them), and which hide text. */
final class WordStyles implements Xml.Visitor {
    private static final Pattern HEADING = Pattern.compile("heading (\\d)");
    private static final int DEEPEST = 20;
    /** Level 9 means body text. */
    private static final int LEVELS = 9;

    private final Map<String, Style> styles = new HashMap<>();
    private @Nullable Style present;

    private static final class Style {
        private String name = "";
        private String basedOn = "";
        private int outline = -1;
        private @Nullable Boolean hides;
    }

    static WordStyles read(InputStream in) throws UnreadableDocument, IOException {
        var styles = new WordStyles();
        Xml.walk(in, "tblStylePr"::equals, styles);
        return styles;
    }

    static WordStyles none() {
        return new WordStyles();
    }

    /** Level of the headings of this style, from 1; 0 if it makes none. */
    int level(String id) {
        var style = styles.get(id);
        for (var depth = 0; style != null && depth < DEEPEST; depth++) {
            var heading = HEADING.matcher(style.name);
            if (style.outline >= 0) {
                return level(style.outline);
            }
            if (heading.matches()) {
                return Integer.parseInt(heading.group(1));
            }
            if (style.name.equals("title")) {
                return 1;
            }
            style = styles.get(style.basedOn);
        }
        return 0;
    }

    /** Whether text of this style is hidden; {@code otherwise} if the style doesn't say. */
    boolean hides(String id, boolean otherwise) {
        var style = styles.get(id);
        for (var depth = 0; style != null && depth < DEEPEST; depth++) {
            if (style.hides != null) {
                return style.hides;
            }
            style = styles.get(style.basedOn);
        }
        return otherwise;
    }

    /** Level of a heading with this outline level, which counts from 0. */
    static int level(int outline) {
        return outline >= 0 && outline < LEVELS ? outline + 1 : 0;
    }

    @Override
    public void start(String name, Xml element) {
        if (name.equals("style")) {
            present = new Style();
            styles.put(element.attribute("styleId"), present);
        } else if (present != null) {
            switch (name) {
                case "name" -> present.name = element.attribute("val").toLowerCase(Locale.ROOT);
                case "basedOn" -> present.basedOn = element.attribute("val");
                case "vanish" -> present.hides = element.isOn();
                case "outlineLvl" -> present.outline = element.number("val", -1);
                default -> {}
            }
        }
    }

    @Override
    public void end(String name) {
        if (name.equals("style")) {
            present = null;
        }
    }
}
