package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Gives the text and structure of a file; its name says the format. */
public final class Parser {
    private static final Set<String> HTML = Set.of("html", "htm", "xhtml");
    /** Their markup is parsed by more than one pass over the lines, or cell by cell. */
    private static final Set<String> APART = Set.of("adoc", "asciidoc", "rst", "rest", "csv", "tsv");

    private static final Map<String, TextFormat> FORMATS = formats();
    private static final Set<String> JSON_LINES = Set.of("jsonl", "ndjson");
    /** Files that people keep beside their documents and that hold no text. */
    private static final Set<String> NO_TEXT = Set.of(
            "png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "tif", "tiff", "svg", "psd", "woff", "woff2",
            "ttf", "otf", "eot", "mp3", "mp4", "m4a", "ogg", "wav", "mov", "avi", "webm", "zip", "gz", "tgz", "bz2",
            "xz", "zst", "7z", "tar", "jar", "war", "class", "so", "dll", "dylib", "exe", "bin", "o", "a", "pyc",
            "wasm", "parquet", "onnx", "db", "sqlite", "lock");

    static final int MOST_PARTS = 200_000;
    private static final int LARGEST_POINTER = 1024;
    private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/v1\n";

    private interface TextFormat {
        ParsedDocument parse(String text, String fallbackTitle) throws UnreadableDocument;
    }

    private Parser() {}

    private static Map<String, TextFormat> formats() {
        var formats = new HashMap<String, TextFormat>();
        HTML.forEach(extension -> formats.put(extension, HtmlParser::parse));
        List.of("md", "markdown", "mdown", "mkd", "mdx")
                .forEach(extension -> formats.put(extension, MarkdownParser::parse));
        List.of("adoc", "asciidoc").forEach(extension -> formats.put(extension, AsciiDocParser::parse));
        List.of("rst", "rest").forEach(extension -> formats.put(extension, RestructuredTextParser::parse));
        List.of("csv", "tsv").forEach(extension -> formats.put(extension, CsvParser::parse));
        return Map.copyOf(formats);
    }

    /** Whether a file of this name is none of the documents that are read: it is passed over without being opened. */
    public static boolean isPassedOver(String path) {
        var extension = extension(path);
        return NO_TEXT.contains(extension) || JSON_LINES.contains(extension);
    }

    /** Whether a file of this name is text that is parsed in the process that may be killed, as binary formats are. */
    public static boolean isParsedApart(String path) {
        return APART.contains(extension(path));
    }

    /** A format of text by the file's name; what has another one is text, which source code is too. */
    public static ParsedDocument parse(String path, byte[] bytes) throws UnreadableDocument {
        checkIsHere(bytes);
        var extension = extension(path);
        var html = HTML.contains(extension);
        var text = html ? Decoding.decodeHtml(bytes) : Decoding.decode(bytes);
        check(text, html ? '<' : '\n', html ? "tags" : "lines");
        var format = FORMATS.getOrDefault(extension, (words, title) -> ParsedDocument.ofText(words, title, Map.of()));
        return parse(format, text, fileName(path));
    }

    /** The same, but of an HTML page of a website only its main content. */
    public static ParsedDocument parsePage(String path, byte[] bytes) throws UnreadableDocument {
        if (!HTML.contains(extension(path))) {
            return parse(path, bytes);
        }
        var text = Decoding.decodeHtml(bytes);
        check(text, '<', "tags");
        return parse(HtmlParser::parseMainContent, text, fileName(path));
    }

    private static ParsedDocument parse(TextFormat format, String text, String title) throws UnreadableDocument {
        try {
            return format.parse(text, title);
        } catch (StackOverflowError e) {
            throw new UnreadableDocument(
                    QuarantineReason.TooDeeplyNested,
                    "the markup is nested too deeply: simplify or exclude the document");
        }
    }

    /** Text that comes without a file, such as that of a JSON line. */
    public static ParsedDocument parseText(String text, String title, Map<String, Object> metadata)
            throws UnreadableDocument {
        check(text, '\n', "lines");
        return ParsedDocument.ofText(Words.wellFormed(text), title, metadata(metadata));
    }

    static Map<String, Object> metadata(Map<String, Object> given) throws UnreadableDocument {
        return Metadata.tree(given)
                .orElseThrow(
                        () -> new UnreadableDocument(
                                QuarantineReason.BadMetadata,
                                "its metadata holds more values than can be meant, or too deeply nested ones: declare fewer fields"));
    }

    /** Each line or tag may become an object of the parser, which makes a hundred bytes of one. */
    private static void check(String text, char each, String what) throws UnreadableDocument {
        var count = 0;
        for (var at = text.indexOf(each); at >= 0; at = text.indexOf(each, at + 1)) {
            count++;
        }
        if (count > MOST_PARTS) {
            throw new UnreadableDocument(
                    QuarantineReason.TooLarge,
                    "it has %d %s, more than the %d that are read: divide or exclude it"
                            .formatted(count, what, MOST_PARTS));
        }
    }

    private static void checkIsHere(byte[] bytes) throws UnreadableDocument {
        if (bytes.length < LARGEST_POINTER && new String(bytes, StandardCharsets.US_ASCII).startsWith(LFS_POINTER)) {
            throw new UnreadableDocument(
                    QuarantineReason.LfsPointer,
                    "the file is kept in Git LFS, which is not read: keep it in the repository itself, or exclude it");
        }
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String extension(String path) {
        var name = fileName(path);
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
