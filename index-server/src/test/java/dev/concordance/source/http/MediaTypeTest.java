package dev.concordance.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "text/html, /, example.org.html",
                "'', /page, page.html",
                "text/html;charset=utf-8, /a/page.php, page.html",
                "text/plain, /notes, notes.txt",
                "text/plain, /notes.md, notes.md",
                "text/plain, /notes.rst, notes.rst",
                "text/plain, /page.html, page.txt",
                "text/csv, /table, table.csv",
                "application/pdf, /form, form.pdf",
                "application/pdf, /form.PDF, form.PDF",
                "application/pdf, /form.php, form.pdf",
                "application/octet-stream, /letter.docx, letter.docx",
                "application/octet-stream, /letter, none",
                "application/octet-stream, /page.html, none",
                "application/epub+zip, /book.epub, book.epub",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, /x, x.xlsx",
                "image/png, /form.pdf, none",
                "application/zip, /letter.docx, none"
            })
    void tellsWhatAFileWouldBeCalled(String header, String path, String name) {
        var address = WebAddress.parse("https://example.org" + path).orElseThrow();
        assertThat(MediaType.of(header).fileName(address)).isEqualTo(name);
    }

    @Test
    void leavesBytesThatAreNoTextAsTheyAreWhateverTheirCharset() {
        var bytes = new byte[] {'%', 'P', 'D', 'F', (byte) 0xE4};
        assertThat(MediaType.of("application/pdf; charset=ISO-8859-1").inUtf8(bytes))
                .isSameAs(bytes);
        assertThat(new String(MediaType.of("text/csv; charset=ISO-8859-1").inUtf8(bytes), StandardCharsets.UTF_8))
                .isEqualTo("\uFEFF%PDFä");
    }
}
