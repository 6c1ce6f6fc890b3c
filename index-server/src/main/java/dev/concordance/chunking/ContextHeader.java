package dev.concordance.chunking;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A template such as {@code {title} > {headings}}. What stands around a placeholder without a value is left out with it: what is
 * before the first and after the last placeholder, brackets and quotes that open or close beside one, and what separates two
 * values, which is only there if both are. A first heading that repeats the title is left out.
 */
final class ContextHeader {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(title|headings)}");
    /** What stands between two placeholders: what closes the one, what separates them, what opens the other. */
    private static final Pattern BETWEEN =
            Pattern.compile("([\\p{Pe}\\p{Pf}\"']*)(.*?)([\\p{Ps}\\p{Pi}\"']*)", Pattern.DOTALL);

    private static final String SEPARATOR = " > ";

    private final List<Place> places = new ArrayList<>();
    private final String constant;

    /**
     * A placeholder and what belongs to it.
     *
     * @param separator from what is rendered before it
     */
    private record Place(String name, String separator, String opening, String closing) {
        Place closedBy(String literal) {
            return new Place(name, separator, opening, literal);
        }
    }

    ContextHeader(String template) {
        var matcher = PLACEHOLDER.matcher(template);
        var from = 0;
        while (matcher.find()) {
            add(template.substring(from, matcher.start()), matcher.group(1));
            from = matcher.end();
        }
        var rest = template.substring(from);
        constant = places.isEmpty() ? rest : "";
        if (!places.isEmpty()) {
            places.add(places.removeLast().closedBy(rest));
        }
    }

    private void add(String before, String name) {
        var between = BETWEEN.matcher(before);
        if (places.isEmpty() || !between.matches()) {
            places.add(new Place(name, "", before, ""));
            return;
        }
        places.add(places.removeLast().closedBy(between.group(1)));
        places.add(new Place(name, between.group(2), between.group(3), ""));
    }

    String render(String title, List<String> headings) {
        var below = !headings.isEmpty() && headings.getFirst().equals(title)
                ? headings.subList(1, headings.size())
                : headings;
        var rendered = new StringBuilder(constant);
        for (var place : places) {
            var value = place.name().equals("title") ? title : String.join(SEPARATOR, below);
            if (!value.isBlank()) {
                rendered.append(rendered.isEmpty() ? "" : place.separator())
                        .append(place.opening())
                        .append(value.strip())
                        .append(place.closing());
            }
        }
        return onOneLine(rendered).strip();
    }

    private static String onOneLine(CharSequence text) {
        var line = new StringBuilder(text.length());
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c != ' ' && !('\t' <= c && c <= '\r')) {
                line.append(c);
            } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        }
        return line.toString();
    }
}
