package dev.concordance.parse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * What a page says to those who read pages for others.
 *
 * @param base against which its references are resolved; null: its own address
 * @param links references that it invites to follow, as they are written
 * @param canonical reference to the page that this one is a form of; null: it says nothing
 * @param robots directives for robots of all names and of the one that was asked for, in lower case
 */
public record Hyperlinks(
        @Nullable String base, List<String> links, @Nullable String canonical, Set<String> robots) {
    private static final Hyperlinks NONE = new Hyperlinks(null, List.of(), null, Set.of());

    public Hyperlinks {
        links = List.copyOf(links);
        robots = Set.copyOf(robots);
    }

    /**
     * Reads them. A page that is too much to be a document leads nowhere.
     *
     * @param robot name of the robot that reads the page
     */
    public static Hyperlinks of(byte[] html, String robot) {
        var tags = 0;
        for (var b : html) {
            tags += b == '<' ? 1 : 0;
        }
        try {
            return tags > Parser.MOST_PARTS ? NONE : of(HtmlTree.of(text(html)), robot);
        } catch (UnreadableDocument tooMuch) {
            return NONE;
        }
    }

    private static Hyperlinks of(Document page, String robot) {
        var base = page.selectFirst("base[href]");
        return new Hyperlinks(
                base == null ? null : base.attr("href"),
                page.select("a[href], area[href]").stream()
                        .filter(link -> !words(link.attr("rel")).anyMatch("nofollow"::equals))
                        .map(link -> link.attr("href"))
                        .distinct()
                        .toList(),
                canonical(page),
                robots(page, robot));
    }

    /** Links are ASCII, so they are read of a page too whose encoding nobody knows. */
    private static String text(byte[] html) {
        try {
            return Decoding.decodeHtml(html);
        } catch (UnreadableDocument unknown) {
            return new String(html, StandardCharsets.ISO_8859_1);
        }
    }

    private static @Nullable String canonical(Document page) {
        return page.select("link[rel][href]").stream()
                .filter(link -> words(link.attr("rel")).anyMatch("canonical"::equals))
                .map(link -> link.attr("href"))
                .findFirst()
                .orElse(null);
    }

    private static Set<String> robots(Document page, String robot) {
        var directives = new HashSet<String>();
        for (Element meta : page.select("meta[name][content]")) {
            var name = meta.attr("name").toLowerCase(Locale.ROOT);
            if (name.equals("robots") || name.equals(robot)) {
                directives.addAll(directives(meta.attr("content")));
            }
        }
        return directives;
    }

    /** What a list of directives says. */
    public static List<String> directives(String list) {
        return Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .toList();
    }

    private static Stream<String> words(String attribute) {
        return Arrays.stream(attribute.toLowerCase(Locale.ROOT).split("\\s+"));
    }
}
