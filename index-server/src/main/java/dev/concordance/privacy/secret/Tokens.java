package dev.concordance.privacy.secret;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Tokens whose form their issuer has published: a prefix, an alphabet, a length, and of some a checksum. */
public final class Tokens implements Detector {
    private static final String DIGITS = "0123456789";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String BASE_62 = DIGITS + UPPER + LOWER;
    private static final Alphabet HEX = Alphabet.of(DIGITS + "abcdef");
    private static final Alphabet BASE_32 = Alphabet.of(UPPER + "234567");
    private static final Alphabet ALPHANUMERIC = Alphabet.of(BASE_62);
    private static final Alphabet SNAKE = Alphabet.of(BASE_62 + "_");
    private static final Alphabet DASHED = Alphabet.of(BASE_62 + "-");
    private static final Alphabet URL_SAFE = Alphabet.of(BASE_62 + "-_");
    private static final Alphabet DOTTED = Alphabet.of(BASE_62 + "-_.");
    private static final int LONGEST_HEADER = 512;
    private static final int LONGEST = 4096;
    /** What is drawn at random has more; {@code xxxx} and the like have less. */
    private static final double LEAST_ENTROPY = 3.0;

    private static final double LEAST_HEX_ENTROPY = 2.5;
    private static final int CHECKED_LENGTH = 36;
    private static final int CHECKSUM = 6;

    /** After the prefix come at least {@code shortest} and at most {@code longest} characters of the alphabet. */
    private record Form(String prefix, Alphabet alphabet, int shortest, int longest) {}

    /** A set of ASCII characters. */
    private record Alphabet(long low, long high) {
        static Alphabet of(String characters) {
            var low = 0L;
            var high = 0L;
            for (var c : characters.toCharArray()) {
                low |= c < Long.SIZE ? 1L << c : 0;
                high |= c < Long.SIZE ? 0 : 1L << c;
            }
            return new Alphabet(low, high);
        }

        boolean holds(char c) {
            return c < 2 * Long.SIZE && ((c < Long.SIZE ? low : high) >>> c & 1) == 1;
        }
    }

    private static final List<Form> FORMS = List.of(
            new Form("AKIA", BASE_32, 16, 16), // AWS access key ids
            new Form("ASIA", BASE_32, 16, 16),
            new Form("ghp_", ALPHANUMERIC, 36, 255), // GitHub
            new Form("gho_", ALPHANUMERIC, 36, 255),
            new Form("ghu_", ALPHANUMERIC, 36, 255),
            new Form("ghs_", DOTTED, 36, 1024),
            new Form("ghr_", ALPHANUMERIC, 36, 255),
            new Form("github_pat_", SNAKE, 82, 255),
            new Form("glpat-", DOTTED, 20, 300), // GitLab
            new Form("gldt-", URL_SAFE, 20, 64),
            new Form("glrt-", DOTTED, 20, 300),
            new Form("glptt-", HEX, 40, 40),
            new Form("xoxb-", DASHED, 24, 255), // Slack
            new Form("xoxp-", DASHED, 24, 255),
            new Form("xoxa-", DASHED, 24, 255),
            new Form("xoxr-", DASHED, 24, 255),
            new Form("xoxs-", DASHED, 24, 255),
            new Form("xapp-", DASHED, 24, 255),
            new Form("https://hooks.slack.com/services/", Alphabet.of(BASE_62 + "/"), 40, 60),
            new Form("AIza", URL_SAFE, 35, 35), // Google
            new Form("ya29.", URL_SAFE, 40, 2048),
            new Form("GOCSPX-", URL_SAFE, 28, 28),
            new Form("sk_live_", ALPHANUMERIC, 24, 255), // Stripe
            new Form("sk_test_", ALPHANUMERIC, 24, 255),
            new Form("rk_live_", ALPHANUMERIC, 24, 255),
            new Form("rk_test_", ALPHANUMERIC, 24, 255),
            new Form("whsec_", Alphabet.of(BASE_62 + "+/="), 32, 64),
            new Form("npm_", ALPHANUMERIC, 36, 36), // npm
            new Form("pypi-AgE", URL_SAFE, 50, 1024), // PyPI
            new Form("dckr_pat_", URL_SAFE, 27, 64), // Docker
            new Form("hf_", ALPHANUMERIC, 34, 40), // Hugging Face
            new Form("sk-ant-", URL_SAFE, 80, 255), // Anthropic
            new Form("sk-proj-", URL_SAFE, 40, 255), // OpenAI
            new Form("SG.", DOTTED, 66, 66), // SendGrid
            new Form("dop_v1_", HEX, 64, 64), // DigitalOcean
            new Form("shpat_", HEX, 32, 32), // Shopify
            new Form("hvs.", URL_SAFE, 24, 255), // HashiCorp Vault
            new Form("dapi", HEX, 32, 34), // Databricks
            new Form("glsa_", SNAKE, 41, 41), // Grafana
            new Form("AGE-SECRET-KEY-1", Alphabet.of(UPPER + DIGITS), 58, 58)); // age

    private static final String WEB_TOKEN = "eyJ";
    private static final Map<Character, List<Form>> BY_FIRST =
            FORMS.stream().collect(Collectors.groupingBy(form -> form.prefix().charAt(0)));
    private static final Alphabet FIRST = Alphabet.of(WEB_TOKEN.charAt(0)
            + BY_FIRST.keySet().stream().map(String::valueOf).collect(Collectors.joining()));

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var i = 0; i < text.length(); i++) {
            if (!FIRST.holds(text.charAt(i)) || Ascii.isWordAt(text, i - 1)) {
                continue;
            }
            var end = text.startsWith(WEB_TOKEN, i) ? webToken(text, i) : token(text, i);
            if (end > 0) {
                found.accept(new Finding(Kind.Secret, i, end));
                i = end - 1;
            }
        }
    }

    private static int token(String text, int start) {
        for (var form : BY_FIRST.getOrDefault(text.charAt(start), List.of())) {
            if (text.startsWith(form.prefix(), start)) {
                var body = start + form.prefix().length();
                var end = end(text, body, form.alphabet(), form.longest());
                if (end - body >= form.shortest() && !Ascii.isWordAt(text, end) && isDrawn(text, body, end, form)) {
                    return end;
                }
            }
        }
        return -1;
    }

    private static int end(String text, int start, Alphabet alphabet, int longest) {
        var end = start;
        while (end < text.length() && end - start < longest && alphabet.holds(text.charAt(end))) {
            end++;
        }
        while (end > start && text.charAt(end - 1) == '.') {
            end--;
        }
        return end;
    }

    private static boolean isDrawn(String text, int start, int end, Form form) {
        if (form.prefix().startsWith("gh") && end - start == CHECKED_LENGTH) {
            return isChecked(text.substring(start, end));
        }
        var least = form.alphabet() == HEX ? LEAST_HEX_ENTROPY : LEAST_ENTROPY;
        return Randomness.entropy(text, start, end) >= least;
    }

    /** GitHub's last six characters are the CRC-32 of those before, in base 62. */
    private static boolean isChecked(String body) {
        var crc = new CRC32();
        crc.update(body.substring(0, body.length() - CHECKSUM).getBytes(StandardCharsets.US_ASCII));
        var expected = crc.getValue();
        for (var i = body.length() - 1; i >= body.length() - CHECKSUM; i--) {
            if (BASE_62.indexOf(body.charAt(i)) != expected % BASE_62.length()) {
                return false;
            }
            expected /= BASE_62.length();
        }
        return true;
    }

    /** A JSON web token (RFC 7519): three parts, of which the first is a JSON object with an algorithm. */
    private static int webToken(String text, int start) {
        var header = end(text, start, URL_SAFE, LONGEST_HEADER);
        if (header >= text.length() || text.charAt(header) != '.') {
            return -1;
        }
        var payload = end(text, header + 1, URL_SAFE, LONGEST);
        if (!text.startsWith(WEB_TOKEN, header + 1) || payload >= text.length() || text.charAt(payload) != '.') {
            return -1;
        }
        var end = end(text, payload + 1, URL_SAFE, LONGEST);
        return isHeader(text.substring(start, header)) ? end : -1;
    }

    private static boolean isHeader(String encoded) {
        try {
            var json = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
            return json.contains("\"alg\"");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
