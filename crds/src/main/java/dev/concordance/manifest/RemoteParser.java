package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that reads documents for their layout, and pictures for their words.
 *
 * @param formats of the documents that it reads, each once, in the order of their names
 * @param languages that its OCR is told, in its own codes; empty: it chooses
 * @param revision raised by the user when the service reads documents in another way
 */
public record RemoteParser(List<Format> formats, Ocr ocr, List<String> languages, String revision, Access access) {
    public RemoteParser {
        formats = formats.stream().distinct().sorted().toList();
        languages = List.copyOf(languages);
    }

    /** Kinds of documents. */
    public enum Format {
        DOCX,
        Image,
        PDF,
        PPTX,
        XLSX
    }

    /** What is read of pictures. */
    public enum Ocr {
        /** Their words, where there is no text. */
        Auto,
        /** Their words, and of all pages what is seen instead of the text that the file holds. */
        Always,
        /** Nothing. */
        Never
    }

    /**
     * How it is asked.
     *
     * @param url to which the protocol's path is appended, without a slash at the end
     * @param credentialsMount mount with {@code apiKey} as a file; null: requests have no credentials
     * @param caCertificates PEM certificates to trust for https; null: the platform's
     * @param requestTimeoutMillis for one document
     */
    public record Access(
            String url,
            @Nullable String credentialsMount,
            @Nullable String caCertificates,
            int concurrentRequests,
            long requestTimeoutMillis) {}

    /** Digest of what decides what it makes of a document; not of where it is, which may move. */
    @JsonIgnore
    public String digest() {
        return new Fingerprint("remote-parser/1")
                .with("formats", formats)
                .with("ocr", ocr)
                .with("languages", languages)
                .with("revision", revision)
                .digest();
    }

    /** The same for one of so many workers side by side. */
    public RemoteParser dividedBy(int workers) {
        var share = new Access(
                access.url(),
                access.credentialsMount(),
                access.caCertificates(),
                (int) Share.of(access.concurrentRequests(), workers),
                access.requestTimeoutMillis());
        return new RemoteParser(formats, ocr, languages, revision, share);
    }

    /** The same, whose certificate these authorities sign. */
    public RemoteParser trusting(@Nullable String certificates) {
        var trusting = new Access(
                access.url(),
                access.credentialsMount(),
                certificates,
                access.concurrentRequests(),
                access.requestTimeoutMillis());
        return new RemoteParser(formats, ocr, languages, revision, trusting);
    }
}
