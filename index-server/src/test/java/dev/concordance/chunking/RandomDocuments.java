package dev.concordance.chunking;

import java.util.List;
import java.util.Random;

/** Markdown of all shapes from a seed. */
final class RandomDocuments {
    private static final List<String> WORDS = List.of(
            "index",
            "corpus",
            "über",
            "日本語",
            "naïve",
            "😀",
            "e\u0301tude",
            "internationalization",
            "a",
            "-",
            "x".repeat(150),
            "don't",
            "3.14",
            "http://example.org/a?b=c",
            "ﬁne",
            "Ελλάδα",
            "\u200b",
            "한국어",
            "[link](x)",
            "`code`",
            "**bold**");

    private RandomDocuments() {}

    static String markdown(Random random) {
        var text = new StringBuilder(random.nextInt(4) == 0 ? "---\ntitle: Any\n---\n" : "");
        var blocks = random.nextInt(20);
        for (var i = 0; i < blocks; i++) {
            switch (random.nextInt(7)) {
                case 0 ->
                    text.append("#".repeat(1 + random.nextInt(4)))
                            .append(' ')
                            .append(words(random, 6))
                            .append('\n');
                case 1 ->
                    text.append("- ")
                            .append(words(random, 30))
                            .append("\n- ")
                            .append(words(random, 10))
                            .append('\n');
                case 2 ->
                    text.append("```\n")
                            .append(words(random, 60).replace(". ", "\n"))
                            .append("\n```\n");
                case 3 ->
                    text.append("| a | b |\n|---|---|\n| ")
                            .append(words(random, 5))
                            .append(" | x |\n");
                case 4 -> text.append("> ").append(words(random, 25)).append('\n');
                default -> text.append(words(random, 120)).append('\n');
            }
            text.append(random.nextInt(3) == 0 ? "" : "\n");
        }
        return text.toString();
    }

    private static String words(Random random, int most) {
        var text = new StringBuilder();
        var count = 1 + random.nextInt(most);
        for (var i = 0; i < count; i++) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
            text.append(random.nextInt(8) == 0 ? ". " : random.nextInt(12) == 0 ? "\n" : " ");
        }
        return text.toString().strip();
    }
}
