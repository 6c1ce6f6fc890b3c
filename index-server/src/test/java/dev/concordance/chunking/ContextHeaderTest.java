package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContextHeaderTest {
    /** Of a template what it says with title and headings, without headings, and without a title. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, quoteCharacter = '~', textBlock = """
            {title} > {headings}        | T > A > B         | T           | A > B
            {headings} < {title}        | A > B < T         | T           | A > B
            {title} ({headings})        | T (A > B)         | T           | (A > B)
            [{title}] {headings}        | [T] A > B         | [T]         | A > B
            {title}: "{headings}".      | T: "A > B".       | T           | "A > B".
            «{title}» – «{headings}»    | «T» – «A > B»     | «T»         | «A > B»
            Manual {title} > {headings} | Manual T > A > B  | Manual T    | A > B
            {title} > {headings} (v2)   | T > A > B (v2)    | T           | A > B (v2)
            Manual: {title}             | Manual: T         | Manual: T   | ~~
            in {headings}               | in A > B          | ~~          | in A > B
            {headings}                  | A > B             | ~~          | A > B
            {title}                     | T                 | T           | ~~
            {title} / {headings} / {title} | T / A > B / T  | T / T       | A > B
            The manual of {product}     | The manual of {product} | The manual of {product} | The manual of {product}
            ~~                          | ~~                | ~~          | ~~
            """)
    void leavesOutWhatStandsAroundAPlaceholderWithoutAValue(
            String template, String both, String withoutHeadings, String withoutTitle) {
        var header = new ContextHeader(template);
        assertThat(header.render("T", List.of("A", "B"))).isEqualTo(both);
        assertThat(header.render("T", List.of())).isEqualTo(withoutHeadings);
        assertThat(header.render(" ", List.of("A", "B"))).isEqualTo(withoutTitle);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {title} > {headings} | T > A
            {title} ({headings}) | T (A)
            {headings}           | A
            """)
    void doesNotRepeatATitleThatIsTheFirstHeading(String template, String expected) {
        assertThat(new ContextHeader(template).render("T", List.of("T", "A"))).isEqualTo(expected);
        assertThat(new ContextHeader("{title} ({headings})").render("T", List.of("T")))
                .isEqualTo("T");
    }

    @ParameterizedTest
    @CsvSource({"'{title}\n{headings}'", "'  {title}   {headings} '"})
    void isOneLineWithoutSpareSpaces(String template) {
        Stream.of("T", "  T\n")
                .forEach(title -> assertThat(new ContextHeader(template).render(title, List.of("A  b")))
                        .isEqualTo("T A b"));
    }
}
