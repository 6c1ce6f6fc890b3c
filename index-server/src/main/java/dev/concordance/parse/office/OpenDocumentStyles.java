package dev.concordance.parse.office;

import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which styles of an OpenDocument hide text: those that say so, and what is based on them. Names are of one family each. */
final class OpenDocumentStyles implements Xml.Visitor {
    private static final int DEEPEST = 20;

    private final Map<String, Style> styles = new HashMap<>();
    private @Nullable Style present;

    private static final class Style {
        private final String parent;
        private @Nullable Boolean hides;

        Style(String parent) {
            this.parent = parent;
        }
    }

    /** Adds those of a part. */
    void read(InputStream in) throws UnreadableDocument, IOException {
        Xml.walk(in, name -> false, this);
    }

    /** Whether text of this style is hidden; {@code otherwise} if the style doesn't say. */
    boolean hides(String family, String name, boolean otherwise) {
        var style = styles.get(key(family, name));
        for (var depth = 0; style != null && depth < DEEPEST; depth++) {
            if (style.hides != null) {
                return style.hides;
            }
            style = styles.get(style.parent);
        }
        return otherwise;
    }

    /** A default style has no name, nor has what a style is based on that names nothing. */
    private static String key(String family, String name) {
        return family + "/" + name;
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "style", "default-style" -> {
                var family = element.attribute("family");
                present = new Style(key(family, element.attribute("parent-style-name")));
                styles.put(key(family, element.attribute("name")), present);
            }
            case "text-properties" -> {
                var display = element.attribute("display");
                if (present != null && !display.isEmpty()) {
                    present.hides = display.equals("none");
                }
            }
            default -> {}
        }
    }

    @Override
    public void end(String name) {
        if (name.equals("style") || name.equals("default-style")) {
            present = null;
        }
    }
}
