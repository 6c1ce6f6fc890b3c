package dev.concordance.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A folder of documents of any size in all: sentences of {@link RealCorpora} in random order, as Markdown, HTML, plain text, PDF and
 * Word files of 2 to 60 kB, and each so often one of 8 MB. The same for the same size and seed.
 */
public final class LargeSource {
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^ -;=?-~]|&");
    private static final int TEXTS_OF_EACH = 2_000;
    private static final int LONGEST_SENTENCE = 400;
    private static final int LARGEST = 8 << 20;
    private static final int LARGEST_EACH = 64 << 20;
    private static final int FILES_IN_A_FOLDER = 500;
    private static final int PAGE_LINES = 40;
    private static final int LINE = 80;

    private final List<String> sentences;
    private final Random random;
    private final Path folder;

    private LargeSource(List<String> sentences, Random random, Path folder) {
        this.sentences = sentences;
        this.random = random;
        this.folder = folder;
    }

    /** Writes it; gives the number of documents. */
    public static int write(Path folder, long bytes, long seed) throws IOException {
        return new LargeSource(sentences(), new Random(seed), folder).write(bytes);
    }

    private static List<String> sentences() throws IOException {
        var sentences = new ArrayList<String>();
        for (var text : RealCorpora.texts(TEXTS_OF_EACH)) {
            for (var sentence : SENTENCE_END.split(text, -1)) {
                var plain = NOT_PLAIN.matcher(sentence).replaceAll(" ").strip();
                if (!plain.isEmpty()) {
                    sentences.add(plain.substring(0, Math.min(LONGEST_SENTENCE, plain.length())));
                }
            }
        }
        return sentences;
    }

    private int write(long bytes) throws IOException {
        var written = 0L;
        var documents = 0;
        var sinceLargest = 0L;
        while (written < bytes) {
            var isLargest = sinceLargest >= LARGEST_EACH;
            var size = isLargest ? LARGEST : 2_000 + random.nextInt(58_000);
            var place = Files.createDirectories(folder.resolve("part-" + documents / FILES_IN_A_FOLDER));
            var file = isLargest ? markdown(size) : any(size);
            Files.write(place.resolve("document-" + documents + "." + file.extension()), file.bytes());
            written += file.bytes().length;
            sinceLargest = isLargest ? 0 : sinceLargest + file.bytes().length;
            documents++;
        }
        return documents;
    }

    private record File(String extension, byte[] bytes) {
        static File of(String extension, String text) {
            return new File(extension, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private File any(int size) {
        return switch (random.nextInt(20)) {
            case 0 -> pdf(size);
            case 1 -> word(size);
            case 2, 3 -> html(size);
            case 4, 5 -> text(size);
            default -> markdown(size);
        };
    }

    private File markdown(int size) {
        var text = new StringBuilder("# ").append(heading()).append("\n\n");
        while (text.length() < size) {
            text.append("## ").append(heading()).append("\n\n");
            for (var paragraph = 1 + random.nextInt(6); paragraph > 0; paragraph--) {
                text.append(paragraph()).append("\n\n");
            }
        }
        return File.of("md", text.toString());
    }

    private File html(int size) {
        var text = new StringBuilder("<html><head><title>" + heading() + "</title></head><body>\n");
        while (text.length() < size) {
            text.append("<h2>")
                    .append(heading())
                    .append("</h2>\n<p>")
                    .append(paragraph())
                    .append("</p>\n");
        }
        return File.of("html", text.append("</body></html>\n").toString());
    }

    private File text(int size) {
        var text = new StringBuilder();
        while (text.length() < size) {
            text.append(paragraph()).append("\n\n");
        }
        return File.of("txt", text.toString());
    }

    private File pdf(int size) {
        var pages = new ArrayList<List<String>>();
        for (var length = 0; length < size; ) {
            var lines = new ArrayList<String>();
            lines.add("#" + heading());
            while (lines.size() < PAGE_LINES) {
                var sentence = sentence();
                lines.add(sentence.substring(0, Math.min(LINE, sentence.length())));
                length += lines.getLast().length();
            }
            pages.add(lines);
        }
        return new File("pdf", OfficeFiles.pdf(heading(), pages));
    }

    private File word(int size) {
        var body = new StringBuilder(OfficeFiles.paragraph("Title", heading()));
        while (body.length() < size) {
            body.append(OfficeFiles.paragraph("Heading1", heading()));
            body.append(OfficeFiles.paragraph("Normal", paragraph()));
        }
        return new File("docx", OfficeFiles.docx(body.toString()));
    }

    private String heading() {
        var sentence = sentence();
        return sentence.substring(0, Math.min(40, sentence.length())) + " " + random.nextInt(1_000_000);
    }

    private String paragraph() {
        var text = new StringBuilder();
        for (var count = 2 + random.nextInt(6); count > 0; count--) {
            text.append(sentence()).append(' ');
        }
        return text.toString();
    }

    private String sentence() {
        return sentences.get(random.nextInt(sentences.size()));
    }
}
