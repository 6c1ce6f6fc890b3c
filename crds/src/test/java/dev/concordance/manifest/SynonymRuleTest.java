package dev.concordance.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.SynonymRule.InvalidSynonyms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynonymRuleTest {
    @Test
    void readsRulesInSolrsFormat() throws Exception {
        assertThat(SynonymRule.parse("""
                        # devices
                        TV, tele-vision

                        pc, mac => personal computer
                        """))
                .containsExactly(
                        new SynonymRule(List.of("tv", "tele vision"), List.of("tv", "tele vision")),
                        new SynonymRule(List.of("pc", "mac"), List.of("personal computer")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tv, television\\ncomputer | line 2 has one phrase",
                "a => b => c | line 1 has => twice",
                "a,,b | line 1 has no word where one should be",
                "=> b | line 1 has no word where one should be",
                "a => | line 1 has no word where one should be",
                "a, ?! | line 1 has no word where one should be"
            })
    void saysWhatIsWrongWithWhichLine(String text, String sentence) {
        assertThatThrownBy(() -> SynonymRule.parse(text.replace("\\n", "\n")))
                .isInstanceOf(InvalidSynonyms.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void refusesMoreThanATableHolds() {
        assertThatThrownBy(() -> SynonymRule.parse("a, b\n".repeat(SynonymRule.MOST + 1)))
                .hasMessage("there are 501 synonym rules; at most 500 can be");
        assertThatThrownBy(() -> SynonymRule.parse("#".repeat(SynonymRule.MOST_CHARACTERS + 1)))
                .hasMessageContaining("at most 32768");
    }
}
