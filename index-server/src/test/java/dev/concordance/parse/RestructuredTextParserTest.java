package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestructuredTextParserTest {
    @Test
    void takesLevelsOfTitlesInTheOrderOfTheirAdornments() throws Exception {
        var document = parse("""
                =========
                The guide
                =========

                :Author: Ann
                :Version: 1.0

                Words
                of two lines.

                First ``one``
                =============
                Words.

                ----

                Below
                -----
                More
                words.

                Second
                ======
                End.
                """);
        assertThat(document.title()).isEqualTo("The guide");
        assertThat(document.metadata()).isEqualTo(Map.of("author", "Ann", "version", "1.0"));
        assertThat(Shown.blocks(document))
                .containsExactly(
                        "[The guide] HEADING: =========/The guide/=========",
                        "[The guide] PROSE: Words/of two lines.",
                        "[The guide, First one] HEADING: First ``one``/=============",
                        "[The guide, First one] PROSE: Words.",
                        "[The guide, First one, Below] HEADING: Below/-----",
                        "[The guide, First one, Below] PROSE: More/words.",
                        "[The guide, Second] HEADING: Second/======",
                        "[The guide, Second] PROSE: End.");
    }

    @Test
    void keepsLiteralBlocksAndCodeWhole() throws Exception {
        assertThat(Shown.blocks(parse("""
                Like this::

                    a = 1

                    b = 2

                .. code-block:: python
                   :linenos:

                   c = 3

                >>> d
                4

                .. note:: Read this.

                   And that.
                """)))
                .containsExactly(
                        "[] PROSE: Like this::",
                        "[] WHOLE:     a = 1//    b = 2",
                        "[] WHOLE: .. code-block:: python/   :linenos://   c = 3",
                        "[] WHOLE: >>> d/4",
                        "[] PROSE: .. note:: Read this.",
                        "[] PROSE:    And that.");
    }

    @Test
    void readsFootnotesAndLeavesOutCommentsAndTargets() throws Exception {
        assertThat(Shown.blocks(parse("""
                .. _target:

                .. a comment
                   of two lines

                .. [1] A note.

                Words.
                """))).containsExactly("[] PROSE: .. [1] A note.", "[] PROSE: Words.");
    }

    @Test
    void keepsRowsOfTablesWhole() throws Exception {
        assertThat(Shown.blocks(parse("""
                +------+-------+
                | Name | Value |
                +======+=======+
                | port | 80    |
                |      | or 81 |
                +------+-------+

                ====  =====
                a     b
                ====  =====
                1     2

                3     4
                ====  =====

                Words.
                """)))
                .containsExactly(
                        "[] WHOLE: | Name | Value |",
                        "[] WHOLE: | port | 80    |/|      | or 81 |",
                        "[] WHOLE: a     b",
                        "[] WHOLE: 1     2",
                        "[] WHOLE: 3     4",
                        "[] PROSE: Words.");
    }

    @Test
    void endsInTimeOnHostileMarkup() throws Exception {
        parse("== ==\nx\n".repeat(90_000));
        parse("..\n".repeat(150_000));
        parse("..\n\n".repeat(90_000));
        parse("=".repeat(3_000_000));
        parse("a\n" + "= ".repeat(2_000_000) + "x");
        parse("::\n\n  x\n".repeat(60_000));
        parse(".. [" + "a".repeat(3_000_000));
    }

    private static ParsedDocument parse(String text) throws UnreadableDocument {
        return Parser.parse("a.rst", text.getBytes(StandardCharsets.UTF_8));
    }
}
