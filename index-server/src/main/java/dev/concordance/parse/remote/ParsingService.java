package dev.concordance.parse.remote;

import dev.concordance.http.CircuitBreaker;
import dev.concordance.http.Patience;
import dev.concordance.http.PostClient;
import dev.concordance.http.Time;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.tls.Authorities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service that speaks as docling-serve does ({@code POST /v1/convert/file}), patiently: what can't be answered now is asked
 * again, later and later. If it fails on one document while it reads another, the document is to blame. Safe for many threads.
 */
public final class ParsingService implements AutoCloseable {
    private static final String PATH = "/v1/convert/file";
    private static final int LARGEST_ANSWER = 32 << 20;
    private static final byte[] PROBE = probe();

    private final RemoteParser declared;
    private final PostClient client;
    private final @Nullable Path credentials;
    private final Time time;
    private final CircuitBreaker breaker;
    private final Semaphore slots;
    private volatile @Nullable ParserException given;

    private ParsingService(RemoteParser declared, PostClient client, @Nullable Path credentials, Time time) {
        this.declared = declared;
        this.client = client;
        this.credentials = credentials;
        this.time = time;
        this.breaker = new CircuitBreaker(time);
        this.slots = new Semaphore(declared.access().concurrentRequests());
    }

    /**
     * Prepares a service; nothing is asked yet. Throws {@link ParserException}.
     *
     * @param mounts folder of a mount by its name
     */
    public static ParsingService open(RemoteParser declared, Function<String, Path> mounts) {
        return open(declared, mounts, Time.REAL);
    }

    /** The same, by a time of its own. */
    public static ParsingService open(RemoteParser declared, Function<String, Path> mounts, Time time) {
        var access = declared.access();
        var pem = access.caCertificates();
        var mount = access.credentialsMount();
        try {
            var client = new PostClient(access.url() + PATH, pem == null ? null : Authorities.context(pem));
            return new ParsingService(declared, client, mount == null ? null : mounts.apply(mount), time);
        } catch (GeneralSecurityException | IOException e) {
            throw new ParserException(
                    FailureReason.ParserTlsFailed,
                    "the ConfigMap of parser.remote.caConfigMapRef holds no PEM certificate: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new ParserException(FailureReason.ParserInvalid, "parser.remote.url is no URL: correct it");
        }
    }

    /** Whether a file of this name may be a document for a service that would be passed over without it. */
    public static boolean addsDocument(@Nullable RemoteParser declared, String name) {
        return declared != null && declared.formats().contains(Format.Image) && Formats.isPicture(name);
    }

    /** Whether the service reads this file. */
    public boolean takes(String name, byte[] bytes) {
        return Formats.of(name, bytes, declared.formats()).isPresent();
    }

    /** How many documents it is asked for at a time. */
    public static int callers(@Nullable RemoteParser declared) {
        return declared == null ? 1 : declared.access().concurrentRequests();
    }

    /**
     * What the service makes of a file that it {@link #takes}, for {@link DoclingReader}. Throws {@link ParserException} if it
     * can't be asked; when it could not be for some minutes, it isn't any more.
     */
    public byte[] convert(String name, byte[] bytes) throws UnreadableDocument {
        var told = Formats.of(name, bytes, declared.formats()).orElseThrow();
        try {
            slots.acquire();
            try {
                return untilConverted(Upload.of(declared, name, told.extension(), bytes));
            } catch (ParserException e) {
                given = e;
                throw e;
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParserException(FailureReason.ParserUnavailable, "the worker is ending");
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private byte[] untilConverted(Upload upload) throws UnreadableDocument, InterruptedException {
        var patience = new Patience(time);
        for (var attempt = 1; ; attempt++) {
            throwIfGivenUp();
            patience.add(breaker.await());
            switch (ask(upload)) {
                case Verdict.Converted(var answer) -> {
                    return answer;
                }
                case Verdict.Refused(var why) -> throw why;
                case Verdict.Never(var why) -> throw why;
                case Verdict.Suspect suspect -> {
                    judge(suspect, attempt);
                    pause(patience, new Verdict.Later(suspect.said(), Optional.empty()));
                }
                case Verdict.Later later -> pause(patience, later);
            }
        }
    }

    /** What the others have found out needn't be found out again for minutes. */
    private void throwIfGivenUp() {
        var before = given;
        if (before != null) {
            throw before;
        }
    }

    private void judge(Verdict.Suspect suspect, int attempt) throws UnreadableDocument, InterruptedException {
        if (attempt < suspect.after()) {
            return;
        }
        if (ask(Upload.of(declared, "probe", "pdf", PROBE)) instanceof Verdict.Converted) {
            throw suspect.why();
        }
        if (suspect.otherwise() != null) {
            throw suspect.otherwise();
        }
    }

    private void pause(Patience patience, Verdict.Later later) throws InterruptedException {
        var next = patience.next(later.after());
        if (next.isEmpty()) {
            throw new ParserException(
                    FailureReason.ParserUnavailable,
                    "the remote parser %s could not answer for %d s (%s)"
                            .formatted(
                                    declared.access().url(), patience.waited().toSeconds(), later.said()));
        }
        time.pause(next.get());
    }

    /** One request, of which the breaker is told. */
    private Verdict ask(Upload upload) throws InterruptedException {
        var headers = new TreeMap<>(Map.of("Content-Type", upload.contentType(), "Accept", "application/json"));
        if (credentials != null) {
            headers.put("X-Api-Key", key(credentials));
        }
        Verdict verdict;
        try {
            var timeout = Duration.ofMillis(declared.access().requestTimeoutMillis());
            verdict = Verdict.of(client.post(headers, upload.body(), timeout, LARGEST_ANSWER), time.now());
        } catch (IOException e) {
            verdict = Verdict.of(e);
        }
        if (verdict instanceof Verdict.Converted || verdict instanceof Verdict.Refused) {
            breaker.succeeded();
        } else {
            breaker.failed();
        }
        return verdict;
    }

    /** A page with one word, which every such service reads. */
    private static byte[] probe() {
        var words = "BT /F 12 Tf 10 20 Td (probe) Tj ET";
        var objects = List.of(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 50]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
                "<</Length %d>>stream\n%s\nendstream".formatted(words.length(), words),
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        var file = new StringBuilder("%PDF-1.4\n");
        var places = new StringBuilder("0000000000 65535 f \n");
        for (var i = 0; i < objects.size(); i++) {
            places.append("%010d 00000 n \n".formatted(file.length()));
            file.append("%d 0 obj%s endobj\n".formatted(i + 1, objects.get(i)));
        }
        var size = objects.size() + 1;
        var table = "xref\n0 %d\n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
                .formatted(size, places, size, file.length());
        return file.append(table).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String key(Path secret) {
        try {
            return PostClient.key(secret);
        } catch (IOException e) {
            throw new ParserException(
                    FailureReason.ParserUnauthorized,
                    "correct the Secret that parser.remote.credentialsSecretRef names: " + e.getMessage());
        }
    }
}
