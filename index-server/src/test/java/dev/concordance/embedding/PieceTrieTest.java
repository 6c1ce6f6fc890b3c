package dev.concordance.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PieceTrieTest {
    @Test
    void knowsItsPiecesAndNoOthers() {
        var random = new Random(5);
        var letters = "abcdefghij#éß中文\ud83d\ude00\uffff";
        for (var round = 0; round < 50; round++) {
            var pieces = new HashMap<String, Integer>();
            for (var i = random.nextInt(2_000); i >= 0; i--) {
                pieces.put(word(random, letters), i == 0 ? (1 << 24) - 2 : i);
            }
            var trie = trie(pieces);
            pieces.forEach(
                    (piece, id) -> assertThat(find(trie, piece)).as(piece).isEqualTo(id));
            for (var i = 0; i < 2_000; i++) {
                var other = word(random, letters + "kz\u0000\u3042");
                assertThat(find(trie, other)).as(other).isEqualTo(pieces.getOrDefault(other, PieceTrie.NONE));
            }
        }
    }

    @Test
    void leadsNowhereWithoutPieces() {
        var empty = trie(Map.of("", 1));
        assertThat(empty.step(empty.start(), 'a')).isEqualTo(PieceTrie.NOWHERE);
        assertThat(empty.step(PieceTrie.END, '\uffff')).isEqualTo(PieceTrie.NOWHERE);
    }

    @Test
    void refusesWhatIsNoId() {
        var builder = new PieceTrie.Builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add("a", -1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add("a", (1 << 24) - 1));
    }

    private static PieceTrie trie(Map<String, Integer> pieces) {
        var builder = new PieceTrie.Builder();
        pieces.forEach(builder::add);
        return builder.build();
    }

    private static int find(PieceTrie trie, String piece) {
        var state = trie.start();
        var step = PieceTrie.NOWHERE;
        for (var i = 0; i < piece.length(); i++) {
            step = trie.step(state, piece.charAt(i));
            if (step == PieceTrie.NOWHERE) {
                return PieceTrie.NONE;
            }
            state = PieceTrie.state(step);
        }
        return PieceTrie.piece(step);
    }

    private static String word(Random random, String letters) {
        var word = new StringBuilder();
        for (var i = 1 + random.nextInt(6); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
