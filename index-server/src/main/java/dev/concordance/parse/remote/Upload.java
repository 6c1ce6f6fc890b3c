package dev.concordance.parse.remote;

import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RemoteParser.Ocr;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * A document as a form (RFC 7578), with the options of docling-serve's {@code /v1/convert/file}: its structure with pages as
 * JSON, without pictures.
 */
record Upload(String boundary, String fields, String name, byte[] bytes) {
    private static final int LONGEST_NAME = 120;
    private static final int MILLIS = 1_000;

    /** @param extension that tells the service what it is */
    static Upload of(RemoteParser parser, String name, String extension, byte[] bytes) {
        var boundary = "concordance-" + UUID.randomUUID();
        var fields = new StringBuilder();
        BiConsumer<String, Object> form = (field, value) -> fields.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, field, value));
        form.accept("to_formats", "json");
        form.accept("image_export_mode", "placeholder");
        form.accept("include_images", false);
        form.accept("do_ocr", parser.ocr() != Ocr.Never);
        form.accept("force_ocr", parser.ocr() == Ocr.Always);
        parser.languages().forEach(language -> form.accept("ocr_lang", language));
        form.accept("document_timeout", Math.max(1, parser.access().requestTimeoutMillis() / MILLIS));
        return new Upload(boundary, fields.toString(), safe(name, extension), bytes);
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    BodyPublisher body() {
        var head =
                "%s--%s\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .formatted(fields, boundary, name);
        return BodyPublishers.concat(
                BodyPublishers.ofString(head),
                BodyPublishers.ofByteArray(bytes),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", StandardCharsets.US_ASCII));
    }

    /** Nothing that ends a header, and no more than what a person needs to find it in a log. */
    private static String safe(String name, String extension) {
        var dot = name.lastIndexOf('.');
        var stem = (dot < 1 ? name : name.substring(0, dot)).replaceAll("[^-_.A-Za-z0-9]", "_");
        return stem.substring(0, Math.min(stem.length(), LONGEST_NAME)) + "." + extension;
    }
}
