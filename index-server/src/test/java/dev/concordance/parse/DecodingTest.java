package dev.concordance.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.QuarantineReason;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            windows-1252 | Das Café öffnet täglich um neun Uhr, außer an Feiertagen. Für größere Gruppen gibt es Plätze.
            windows-1252 | Les élèves étudient pendant l’été à Besançon, où le maître les attend déjà.
            ISO-8859-1   | São Paulo é a maior cidade do Brasil; a informação não está disponível.
            ISO-8859-2   | Zażółć gęślą jaźń. Proszę państwa, oto miś, który mieszka w lesie od wielu lat.
            windows-1250 | Zażółć gęślą jaźń. Proszę państwa, oto miś, który mieszka w lesie od wielu lat.
            windows-1251 | Это обычный русский текст, который был сохранён много лет назад в старой кодировке.
            KOI8-R       | Это обычный русский текст, который был сохранён много лет назад в старой кодировке.
            Shift_JIS    | これは日本語の文章です。文字コードを判定します。
            EUC-JP       | これは日本語の文章です。文字コードを判定します。
            GB18030      | 这是一段中文文本，用来检测字符编码。我们希望结果是正确的。
            Big5         | 這是一段中文文字，用來檢測字元編碼。我們希望結果是正確的。
            EUC-KR       | 이것은 한국어 문장입니다. 문자 인코딩을 판별합니다.
            UTF-16LE     | Plain words without a mark, as some programs write them.
            UTF-16BE     | Plain words without a mark, as some programs write them.
            """)
    void findsOutWhatNothingDeclares(String charset, String text) throws Exception {
        var bytes = ("# Title\n\n" + "All of these lines are plain.\n".repeat(2_000) + text + "\n")
                .getBytes(Charset.forName(charset));
        assertThat(Parser.parse("a.md", bytes).text()).endsWith(text + "\n");
    }

    @Test
    void quarantinesWhatItIsNotSureOf() {
        for (var bytes : new byte[][] {
            "café".getBytes(StandardCharsets.ISO_8859_1),
            {'b', 'r', 'o', 'k', 'e', 'n', ' ', (byte) 0xC3, 'x', ' ', (byte) 0xE2, (byte) 0x82},
        }) {
            assertThatThrownBy(() -> Parser.parse("a.md", bytes))
                    .isInstanceOfSatisfying(
                            UnreadableDocument.class,
                            e -> assertThat(e.reason()).isEqualTo(QuarantineReason.NotUtf8));
        }
    }

    @Test
    void leavesAReplacementCharacterThatTheTextHas() throws Exception {
        var text = "It was lost before: \ufffd. Grüße, 文 and \ud83d\ude00.";
        assertThat(Parser.parse("a.txt", text.getBytes(StandardCharsets.UTF_8)).text())
                .isEqualTo(text);
    }

    @Test
    void takesBrokenUtf8ForNoOtherEncoding() {
        var text = "Das Café öffnet täglich um neun Uhr, außer an Feiertagen. "
                .repeat(20)
                .getBytes(StandardCharsets.UTF_8);
        var broken = Arrays.copyOf(text, text.length + 2);
        broken[text.length] = (byte) 0xC3;
        broken[text.length + 1] = '.';
        assertThatThrownBy(() -> Parser.parse("a.md", broken))
                .isInstanceOfSatisfying(
                        UnreadableDocument.class, e -> assertThat(e.reason()).isEqualTo(QuarantineReason.NotUtf8));
    }

    @Test
    void believesWhatAPageDeclaresInItsXmlDeclaration() throws Exception {
        var page = "<?xml version=\"1.0\" encoding=\"ISO-8859-5\"?><html><body><p>Слово</p></body></html>";
        assertThat(Parser.parse("a.xhtml", page.getBytes(Charset.forName("ISO-8859-5")))
                        .text())
                .contains("Слово");
    }
}
