package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AsciiDocParserTest {
    @Test
    void readsHeaderAndSections() throws Exception {
        var document = parse("""
                // a comment
                = The `guide`
                Ann Author <ann@example.com>
                :description: All of it
                :toc:

                Preamble
                of two lines.

                == First
                :attribute: value

                Words.

                [discrete]
                == Not a section

                === Below [[anchor]]
                // nobody reads this
                More words.

                == Second ==
                End.
                """);
        assertThat(document.title()).isEqualTo("The guide");
        assertThat(document.metadata()).isEqualTo(Map.of("author", "Ann Author", "description", "All of it"));
        assertThat(Shown.blocks(document))
                .containsExactly(
                        "[The guide] HEADING: = The `guide`",
                        "[The guide] PROSE: Preamble/of two lines.",
                        "[The guide, First] HEADING: == First",
                        "[The guide, First] PROSE: Words.",
                        "[The guide, First] PROSE: [discrete]/== Not a section",
                        "[The guide, First, Below] HEADING: === Below [[anchor]]",
                        "[The guide, First, Below] PROSE: More words.",
                        "[The guide, Second] HEADING: == Second ==",
                        "[The guide, Second] PROSE: End.");
    }

    @Test
    void keepsListingsWholeWithTheirTitles() throws Exception {
        assertThat(Shown.blocks(parse("""
                Before.

                .Example
                [source,java]
                ----
                int a;

                == no section
                ----

                ....
                literal
                ....
                ////
                == a comment
                ////
                ```ruby
                puts
                ```

                 indented

                * item
                +
                attached
                """)))
                .containsExactly(
                        "[] PROSE: Before.",
                        "[] WHOLE: .Example/[source,java]/----/int a;//== no section/----",
                        "[] WHOLE: ..../literal/....",
                        "[] WHOLE: ```ruby/puts/```",
                        "[] WHOLE:  indented",
                        "[] PROSE: * item",
                        "[] PROSE: attached");
    }

    @Test
    void readsWhatIsInsideOfExamplesAndSidebars() throws Exception {
        assertThat(Shown.blocks(parse("""
                ====
                In an example.

                ----
                code
                ----
                ====

                ****
                In a sidebar that never ends.
                """)))
                .containsExactly(
                        "[] PROSE: In an example.",
                        "[] WHOLE: ----/code/----",
                        "[] PROSE: In a sidebar that never ends.");
    }

    @Test
    void keepsRowsOfTablesWhole() throws Exception {
        assertThat(Shown.blocks(parse("""
                .A table
                |===
                |Name |Value

                |port |80
                |host |a long
                text
                |===

                |===
                |one
                |two

                |three
                a|* four
                |===
                """)))
                .containsExactly(
                        "[] PROSE: .A table",
                        "[] WHOLE: |Name |Value",
                        "[] WHOLE: |port |80",
                        "[] WHOLE: |host |a long/text",
                        "[] WHOLE: |one/|two",
                        "[] WHOLE: |three/a|* four");
    }

    @Test
    void endsInTimeOnHostileMarkup() throws Exception {
        parse("= " + "a ".repeat(2_000_000));
        parse("= a\n" + "<".repeat(3_000_000));
        parse("====\n".repeat(100_000));
        parse(("=".repeat(50) + "\n" + "*".repeat(51) + "\n").repeat(50_000));
        parse("|===\n".repeat(100_001));
        parse("|===\n" + "|".repeat(3_000_000));
        parse("[".repeat(3_000_000));
        var lengths = new StringBuilder();
        for (var length = 4; length < 3_000; length++) {
            lengths.append("=".repeat(length)).append('\n');
        }
        parse(lengths + "x\n".repeat(150_000));
    }

    private static ParsedDocument parse(String text) throws UnreadableDocument {
        return Parser.parse("a.adoc", text.getBytes(StandardCharsets.UTF_8));
    }
}
