package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Bytes to text, in the encoding that a byte order mark or the page declares; else UTF-8, else what the bytes look like. */
final class Decoding {
    private static final int CONTROLS_PER_CHARACTERS = 100;
    /** What stands in place of bytes that are no UTF-8, unless the text itself has one. */
    private static final char REPLACEMENT = '\uFFFD';

    private static final int DECLARED_WITHIN = 1024;
    private static final Set<String> LATIN_1 = Set.of("iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii");
    private static final Pattern CHARSET = Pattern.compile(
            "(?:<meta[^>]{1,200}?charset|^\\s*<\\?xml[^>]{1,100}?encoding)\\s*=\\s*[\"']?([\\w.:-]{1,40})",
            Pattern.CASE_INSENSITIVE);

    private Decoding() {}

    static String decode(byte[] bytes) throws UnreadableDocument {
        if (startsWith(bytes, 0xFE, 0xFF)) {
            return checked(decode(bytes, 2, StandardCharsets.UTF_16BE));
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return checked(decode(bytes, 2, StandardCharsets.UTF_16LE));
        }
        var mark = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        return mark == 0 ? undeclared(bytes) : checked(decode(bytes, mark, StandardCharsets.UTF_8));
    }

    private static String undeclared(byte[] bytes) throws UnreadableDocument {
        var text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0) {
            var utf16 = GuessedEncoding.utf16(bytes)
                    .orElseThrow(() -> new UnreadableDocument(
                            QuarantineReason.Binary,
                            "the document holds NUL bytes and is not text: exclude it, or convert it"));
            return checked(decode(bytes, 0, utf16));
        }
        try {
            return checked(text.indexOf(REPLACEMENT) < 0 ? text : strictly(bytes, 0, StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            var guessed = GuessedEncoding.of(bytes)
                    .orElseThrow(
                            () -> new UnreadableDocument(
                                    QuarantineReason.NotUtf8,
                                    "the document is not valid UTF-8, and its encoding can't be told: save it as UTF-8, or exclude it"));
            return checked(decode(bytes, 0, guessed));
        }
    }

    /** As {@link #decode}, but in the encoding that the page declares, if it has no byte order mark. */
    static String decodeHtml(byte[] bytes) throws UnreadableDocument {
        var head = new String(bytes, 0, Math.min(bytes.length, DECLARED_WITHIN), StandardCharsets.ISO_8859_1);
        var declared = CHARSET.matcher(head);
        var marked =
                startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xEF, 0xBB, 0xBF);
        if (marked || !declared.find()) {
            return decode(bytes);
        }
        var name = meant(declared.group(1));
        return isSupported(name) ? checked(decode(bytes, 0, Charset.forName(name))) : decode(bytes);
    }

    /** As browsers read it (WHATWG, Encoding): a page that can say so in ASCII is not UTF-16, and Latin-1 is Windows's. */
    private static String meant(String declared) {
        var name = declared.toLowerCase(Locale.ROOT);
        if (name.startsWith("utf-16") || name.startsWith("utf-32")) {
            return "utf-8";
        }
        return LATIN_1.contains(name) ? "windows-1252" : name;
    }

    private static boolean isSupported(String charset) {
        try {
            return Charset.isSupported(charset);
        } catch (IllegalCharsetNameException e) {
            return false;
        }
    }

    private static String decode(byte[] bytes, int from, Charset charset) throws UnreadableDocument {
        try {
            return strictly(bytes, from, charset);
        } catch (CharacterCodingException e) {
            throw new UnreadableDocument(
                    QuarantineReason.NotUtf8,
                    "the document is not valid " + charset + ": save it as UTF-8, or exclude it");
        }
    }

    private static String strictly(byte[] bytes, int from, Charset charset) throws CharacterCodingException {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                .toString();
    }

    private static String checked(String text) throws UnreadableDocument {
        var controls = 0L;
        for (var i = 0; i < text.length(); i++) {
            controls += isControl(text.charAt(i)) ? 1 : 0;
        }
        if (controls * CONTROLS_PER_CHARACTERS > text.length()) {
            throw new UnreadableDocument(
                    QuarantineReason.Binary,
                    "more than one character in a hundred is a control character: exclude the document, or convert it");
        }
        return text;
    }

    private static boolean isControl(char c) {
        return c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (var i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
