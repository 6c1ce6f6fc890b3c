package dev.concordance.chunking;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A template such as {@code {title} > {headings}}. What separates two placeholders is only rendered if both have a value,
 * and a first heading that repeats the title is left out.
 */
final class ContextHeader {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(title|headings)}");
    private static final String SEPARATOR = " > ";

    private final List<String> literals = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    ContextHeader(String template) {
        var matcher = PLACEHOLDER.matcher(template);
        var from = 0;
        while (matcher.find()) {
            literals.add(template.substring(from, matcher.start()));
            names.add(matcher.group(1));
            from = matcher.end();
        }
        literals.add(template.substring(from));
    }

    String render(String title, List<String> headings) {
        var below = !headings.isEmpty() && headings.getFirst().equals(title)
                ? headings.subList(1, headings.size())
                : headings;
        var rendered = new StringBuilder(literals.getFirst());
        var before = false;
        for (var i = 0; i < names.size(); i++) {
            var value = names.get(i).equals("title") ? title : String.join(SEPARATOR, below);
            var between = i + 1 < names.size() ? "" : literals.getLast();
            if (!value.isBlank()) {
                rendered.append(i > 0 && before ? literals.get(i) : "").append(value.strip());
                before = true;
            }
            rendered.append(between);
        }
        return rendered.toString().replaceAll("\\s+", " ").strip();
    }
}
