package dev.concordance.source.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a host says that its answer is written in.
 *
 * @param type in lower case, without parameters; empty: it doesn't say
 * @param charset null: it doesn't say
 */
public record MediaType(String type, @Nullable String charset) {
    private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";
    private static final Map<String, String> TEXTS = Map.of(
            "text/html", "html",
            "application/xhtml+xml", "html",
            "text/markdown", "md",
            "text/x-markdown", "md",
            "text/asciidoc", "adoc",
            "text/x-rst", "rst",
            "text/prs.fallenstein.rst", "rst",
            "text/csv", "csv",
            "text/tab-separated-values", "tsv",
            "text/plain", "txt");
    private static final Map<String, String> BINARIES = Map.of(
            "application/pdf",
            "pdf",
            OFFICE + "wordprocessingml.document",
            "docx",
            OFFICE + "presentationml.presentation",
            "pptx",
            OFFICE + "spreadsheetml.sheet",
            "xlsx",
            "application/vnd.oasis.opendocument.text",
            "odt",
            "application/epub+zip",
            "epub");
    /** By what many servers call files that they don't know. */
    private static final String UNKNOWN = "application/octet-stream";
    /** Formats of text that many servers don't know. */
    private static final Set<String> PLAIN =
            Set.of("md", "markdown", "mdown", "mkd", "adoc", "asciidoc", "rst", "csv", "tsv");

    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([-_.:+A-Za-z0-9]{1,40})");
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** What the header Content-Type says. */
    public static MediaType of(String header) {
        var end = header.indexOf(';');
        var charset = CHARSET.matcher(header);
        return new MediaType(
                (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT),
                charset.find() ? charset.group(1) : null);
    }

    /**
     * What a file with the page at this address would be called: its extension says in what it is written. Null if it is in
     * nothing that is read.
     */
    public @Nullable String fileName(WebAddress address) {
        var last = address.path().substring(address.path().lastIndexOf('/') + 1);
        var dot = last.lastIndexOf('.');
        var given = last.substring(dot + 1).toLowerCase(Locale.ROOT);
        var extension = extension(given);
        if (extension == null || extension.equals(given)) {
            return extension == null ? null : last;
        }
        var stem = dot < 1 ? last : last.substring(0, dot);
        return (stem.isEmpty() ? address.host() : stem) + "." + extension;
    }

    /** @param given that of the address */
    private @Nullable String extension(String given) {
        if (isText()) {
            var told = told();
            return told.equals("txt") && PLAIN.contains(given) ? given : told;
        }
        return type.equals(UNKNOWN) && BINARIES.containsValue(given) ? given : BINARIES.get(type);
    }

    private boolean isText() {
        return type.isEmpty() || TEXTS.containsKey(type);
    }

    private String told() {
        return TEXTS.getOrDefault(type, "html");
    }

    /** Whether it is HTML, or may be. */
    public boolean isHtml() {
        return isText() && told().equals("html");
    }

    /**
     * The bytes in UTF-8 with a byte order mark, where they are text and the host says in what: it knows better than the page
     * (WHATWG, HTML, 13.2.3.1). Else, and where they aren't what it says, as they are.
     */
    public byte[] inUtf8(byte[] bytes) {
        if (charset == null || !isText() || isMarked(bytes)) {
            return bytes;
        }
        try {
            var name = charset.toLowerCase(Locale.ROOT);
            var text = Charset.forName(name.equals("iso-8859-1") ? "windows-1252" : name)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            var marked = new byte[MARK.length + text.length];
            System.arraycopy(MARK, 0, marked, 0, MARK.length);
            System.arraycopy(text, 0, marked, MARK.length, text.length);
            return marked;
        } catch (CharacterCodingException | IllegalCharsetNameException | UnsupportedCharsetException e) {
            return bytes;
        }
    }

    private static boolean isMarked(byte[] bytes) {
        return bytes.length >= 2
                && ((bytes[0] == MARK[0] && bytes[1] == MARK[1])
                        || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                        || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
    }
}
