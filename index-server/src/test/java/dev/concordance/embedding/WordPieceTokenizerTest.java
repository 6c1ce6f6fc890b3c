package dev.concordance.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.BundledModel;
import dev.concordance.testing.RealCorpora;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our tokenizer against the one that the models were trained with. */
class WordPieceTokenizerTest {
    private static final String SEPARATOR = " z ";
    private static final int FIRST_UNASSIGNED = 0x40000;
    private static final int LAST_PLANES = 0xE0000;
    private static Tokenizer ours;
    private static LibraryTokenizer theirs;

    @BeforeAll
    static void open() throws IOException {
        var bytes = ModelFiles.bundledOnly()
                .copy(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest().tokenizer());
        ours = Tokenizers.open(bytes);
        theirs = LibraryTokenizer.open(bytes);
        assertThat(ours).isInstanceOf(WordPieceTokenizer.class);
    }

    /** Of the planes of which none is assigned, each sixteenth block. */
    @Test
    void givesTheSameIdsForEachCharacterOfUnicode() {
        var different = new ArrayList<String>();
        for (var block = 0; block < Character.MAX_CODE_POINT; block += isAssigned(block) ? 256 : 4_096) {
            var text = new StringBuilder();
            for (var c = block; c < block + 256; c++) {
                if (Character.getType(c) != Character.SURROGATE) {
                    text.append('a').appendCodePoint(c).append('b').append(SEPARATOR);
                }
            }
            if (!ids(ours, text.toString()).equals(ids(theirs, text.toString()))) {
                different.addAll(different(block));
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void givesTheSameIdsForRandomMixturesOfScripts() {
        var random = new Random(7);
        for (var round = 0; round < 3_000; round++) {
            var text = new StringBuilder();
            for (var i = random.nextInt(80); i >= 0; i--) {
                text.appendCodePoint(character(random));
            }
            assertSame(text.toString());
        }
    }

    @Test
    void givesTheSameIdsForWordsThatAreHardToCut() {
        assertSame("x".repeat(100) + " " + "x".repeat(101) + " " + "é".repeat(100) + " " + "e\u0301".repeat(101));
        assertSame("İstanbul ΑΣ ΣΑΣ ﬁne ﬀ ǅ ẞ ŉ ᾳ Å Å 각 각");
        assertSame("日本語のテキスト，中文 한국어 ไทย नमस्ते العربية עִבְרִית");
        assertSame("👩‍👩‍👧‍👦 🏳️‍🌈 a\u200bb a\u200db a\u00adb a\ufeffb a\u2060b");
        assertSame("a\u0000b a\ufffdb a\u0085b a\u000bb a\u001fb a\u2028b a\u3000b");
        assertSame("don't U.S.A. 3.14 $5 100% a_b #tag @user http://example.org/a?b=c&d=e~f`g^h|i");
        assertSame(
                "International INTERNATIONAL representation abcdefghijkl abcdefghijklm 123456789012 1234567890123 3D");
        assertSame("the\u0001re the\u0301 the\u00e9 \u0001the \u0301the thé-the the");
        assertSame("");
    }

    @Test
    void takesNoPartOfATextForASpecialToken() {
        var special = ours.frame().after()[0];
        assertThat(ids(ours, "the end [SEP] not")).doesNotContain(special);
        assertThat(ids(theirs, "the end [SEP] not")).contains(special);
    }

    @Test
    void givesTheSameIdsForRealDocuments() throws IOException {
        for (var text : RealCorpora.texts(2_000)) {
            if (!text.contains("[UNK]") && !text.contains("[MASK]")) {
                assertSame(text);
            }
        }
    }

    private static boolean isAssigned(int codePoint) {
        return codePoint < FIRST_UNASSIGNED || codePoint >= LAST_PLANES;
    }

    private static int character(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> ' ';
            case 1, 2 -> 'a' + random.nextInt(26);
            case 3 -> 0x80 + random.nextInt(0x500);
            case 4 -> 0x300 + random.nextInt(0x70);
            case 5 -> 0x4E00 + random.nextInt(0x100);
            case 6 -> 0x1F300 + random.nextInt(0x300);
            default -> {
                var c = random.nextInt(0x3000);
                yield Character.getType(c) == Character.SURROGATE ? 'q' : c;
            }
        };
    }

    private static List<String> different(int block) {
        var different = new ArrayList<String>();
        for (var c = block; c < block + 256; c++) {
            var text = "a" + Character.toString(c) + "b";
            if (Character.getType(c) != Character.SURROGATE && !ids(ours, text).equals(ids(theirs, text))) {
                different.add("U+%04X type %d".formatted(c, Character.getType(c)));
            }
        }
        return different;
    }

    private static void assertSame(String text) {
        assertThat(ids(ours, text)).as(text).isEqualTo(ids(theirs, text));
    }

    private static List<Long> ids(Tokenizer tokenizer, String text) {
        var tokens = tokenizer.tokenize(text);
        var ids = new ArrayList<Long>();
        for (var i = 0; i < tokens.size(); i++) {
            ids.add((long) tokens.id(i));
            assertThat(tokens.start(i)).isBetween(0, tokens.end(i));
            assertThat(tokens.end(i)).isLessThanOrEqualTo(text.length());
        }
        return ids;
    }
}
