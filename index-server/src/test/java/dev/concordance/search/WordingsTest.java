package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.SynonymRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordingsTest {
    @Test
    void leavesAQuestionAsItIsThatNoRuleSpeaksOf() throws Exception {
        assertThat(of("What's a TVs price?", "tv, television")).containsExactly("What's a TVs price?");
        assertThat(of("anything", "")).containsExactly("anything");
    }

    @Test
    void asksInEveryWordingThatMeansTheSame() throws Exception {
        assertThat(of("A TV stand", "tv, television set")).containsExactly("a tv stand", "a television set stand");
        assertThat(of("television set", "tv, television set")).containsExactly("television set", "tv");
        assertThat(of("tv on a pc", "tv, telly\npc, computer"))
                .containsExactly("tv on a pc", "tv on a computer", "telly on a pc", "telly on a computer");
    }

    @Test
    void asksForAnotherWordInPlaceOfOneThatIsReplaced() throws Exception {
        assertThat(of("my PC", "pc, mac => personal computer, workstation"))
                .containsExactly("my personal computer", "my workstation");
    }

    @Test
    void asksInSoManyWordingsAndNoMore() throws Exception {
        var rules = "a, a1, a2, a3\nb, b1, b2, b3\nc, c1, c2, c3";
        assertThat(of("a b c", rules)).hasSize(Wordings.MOST).startsWith("a b c");
    }

    private static List<String> of(String query, String rules) throws Exception {
        return Wordings.of(query, SynonymRule.parse(rules));
    }
}
