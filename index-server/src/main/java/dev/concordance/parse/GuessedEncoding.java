package dev.concordance.parse;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.tika.parser.txt.CharsetDetector;

/**
 * What bytes look like that are no UTF-8 and declare nothing, by the statistics of ICU's detector. A guess that isn't sure is
 * none: a document in quarantine is missed, one full of wrong letters is not.
 */
final class GuessedEncoding {
    /** Of 100. On short texts of a dozen languages right guesses were at least 29 sure, and wrong ones 16 at most. */
    private static final int SURE = 35;

    /** Among so many characters one that is broken makes broken UTF-8, and not another encoding. */
    private static final int FEW = 10;

    private static final int CERTAIN = 100;
    private static final char BROKEN = '\uFFFD';
    private static final int ASCII = 0x80;
    private static final int SAMPLE = 8_000;
    private static final int FEWEST_BYTES = 8;
    private static final Set<String> PLAUSIBLE = Set.of(
            "Shift_JIS",
            "GB18030",
            "EUC-JP",
            "EUC-KR",
            "Big5",
            "ISO-8859-1",
            "ISO-8859-2",
            "ISO-8859-5",
            "ISO-8859-6",
            "ISO-8859-7",
            "ISO-8859-8",
            "ISO-8859-9",
            "windows-1250",
            "windows-1251",
            "windows-1252",
            "windows-1253",
            "windows-1254",
            "windows-1255",
            "windows-1256",
            "KOI8-R");
    /** As browsers read them (WHATWG, Encoding). */
    private static final Map<String, String> MEANT = Map.of("ISO-8859-1", "windows-1252", "ISO-8859-9", "windows-1254");

    private GuessedEncoding() {}

    /** The encoding of bytes that aren't all ASCII; nothing if it isn't sure. */
    static Optional<Charset> of(byte[] bytes) {
        var detector = new CharsetDetector();
        detector.setText(sample(bytes));
        return isNearlyUtf8(bytes)
                ? Optional.empty()
                : Arrays.stream(detector.detectAll())
                        .limit(1)
                        .filter(match -> match.getConfidence() >= SURE && PLAUSIBLE.contains(match.getName()))
                        .findFirst()
                        .map(match -> Charset.forName(MEANT.getOrDefault(match.getName(), match.getName())));
    }

    private static boolean isNearlyUtf8(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        var broken = text.chars().filter(c -> c == BROKEN).count();
        return text.chars().filter(c -> c >= ASCII && c != BROKEN).count() > FEW * broken;
    }

    /** UTF-16 without a byte order mark, which in most languages shows by its zeros. */
    static Optional<Charset> utf16(byte[] bytes) {
        if (bytes.length < FEWEST_BYTES || bytes.length % 2 == 1) {
            return Optional.empty();
        }
        var detector = new CharsetDetector();
        detector.setText(Arrays.copyOf(bytes, Math.min(bytes.length, SAMPLE)));
        return Arrays.stream(detector.detectAll())
                .filter(match ->
                        match.getConfidence() == CERTAIN && match.getName().startsWith("UTF-16"))
                .findFirst()
                .map(match ->
                        match.getName().equals("UTF-16LE") ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }

    /** Lines that aren't ASCII: others say nothing, and a detector looks at the first of what it gets. */
    private static byte[] sample(byte[] bytes) {
        var sample = ByteBuffer.allocate(Math.min(bytes.length, SAMPLE));
        for (var start = 0; start < bytes.length && sample.hasRemaining(); ) {
            var end = start;
            var telling = false;
            while (end < bytes.length && bytes[end] != '\n') {
                telling |= bytes[end] < 0;
                end++;
            }
            end = Math.min(bytes.length, end + 1);
            if (telling) {
                sample.put(bytes, start, Math.min(end - start, sample.remaining()));
            }
            start = end;
        }
        return Arrays.copyOf(sample.array(), sample.position());
    }
}
