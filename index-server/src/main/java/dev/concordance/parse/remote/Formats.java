package dev.concordance.parse.remote;

import dev.concordance.manifest.RemoteParser.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells what may be sent: PDF and pictures by their content, archives of office programs by their names too. */
final class Formats {
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp");
    private static final Map<String, Format> ARCHIVES =
            Map.of("docx", Format.DOCX, "pptx", Format.PPTX, "xlsx", Format.XLSX);
    private static final String ZIP = "PK\u0003\u0004";
    private static final String PDF = "%PDF-";
    private static final int HEAD = 16;

    /** A kind of document, and what the name of its file ends with. */
    record Told(Format format, String extension) {}

    private Formats() {}

    /** What a file is, if it is one of these formats. */
    static Optional<Told> of(String name, byte[] bytes, List<Format> formats) {
        return told(extension(name), new String(bytes, 0, Math.min(HEAD, bytes.length), StandardCharsets.ISO_8859_1))
                .filter(told -> formats.contains(told.format()));
    }

    /** Whether a file of this name may be a picture. */
    static boolean isPicture(String name) {
        return PICTURES.contains(extension(name));
    }

    private static Optional<Told> told(String extension, String head) {
        if (head.startsWith(PDF)) {
            return Optional.of(new Told(Format.PDF, "pdf"));
        }
        if (head.startsWith(ZIP)) {
            return Optional.ofNullable(ARCHIVES.get(extension)).map(format -> new Told(format, extension));
        }
        return PICTURES.contains(extension)
                ? picture(head).map(kind -> new Told(Format.Image, kind))
                : Optional.empty();
    }

    private static Optional<String> picture(String head) {
        if (head.startsWith("\u0089PNG\r\n")) {
            return Optional.of("png");
        }
        if (head.startsWith("\u00FF\u00D8\u00FF")) {
            return Optional.of("jpg");
        }
        if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
            return Optional.of("tiff");
        }
        if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return Optional.of("webp");
        }
        return head.startsWith("BM") ? Optional.of("bmp") : Optional.empty();
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
