package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.DocumentParser;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RemoteParser.Ocr;
import dev.concordance.operator.kube.Authority;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A parser that a Corpus declares, with the objects that its key and certificates come from.
 *
 * @param manifest as a run asks it, but for the certificates
 */
public record DeclaredParser(RemoteParser manifest, Optional<Reference> secret, Optional<Authority> authority) {
    /** The name of the mount with its key. */
    public static final String MOUNT = "parser";

    private static final String FIELD = "spec.parser.remote";
    private static final List<String> FORMATS = List.of("PDF", "Image");
    private static final int CONCURRENT = 2;
    private static final String TIMEOUT = "2m";
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(60);

    /** What is declared, if anything is; throws {@link InvalidSpec}. */
    static Optional<DeclaredParser> parse(String namespace, @Nullable DocumentParser declared) {
        if (declared == null) {
            return Optional.empty();
        }
        var remote = Defaults.required(declared.remote(), FIELD);
        var reference = remote.credentialsSecretRef();
        var secret = reference == null || reference.name() == null
                ? Optional.<Reference>empty()
                : Optional.of(Reference.secret(namespace, reference.name()));
        var ocr = Defaults.or(remote.ocr(), new DocumentParser.Ocr(null, null));
        var formats = Defaults.or(remote.formats(), FORMATS);
        if (remote.ocr() != null && Collections.disjoint(formats, FORMATS)) {
            throw new InvalidSpec(
                    FIELD + ".ocr: words are read in pictures of PDF and Image alone; add one of them to formats,"
                            + " or take ocr out");
        }
        var limits = Defaults.or(remote.limits(), new DocumentParser.Limits(null, null));
        var access = new RemoteParser.Access(
                Defaults.required(remote.url(), FIELD + ".url").replaceFirst("/+$", ""),
                secret.isPresent() ? MOUNT : null,
                null,
                Defaults.or(limits.concurrentRequests(), CONCURRENT),
                timeout(limits.requestTimeout()).toMillis());
        var manifest = new RemoteParser(
                formats.stream()
                        .map(name -> Defaults.constant(Format.class, name, FIELD + ".formats"))
                        .toList(),
                Defaults.constant(Ocr.class, Defaults.or(ocr.mode(), "Auto"), FIELD + ".ocr.mode"),
                Defaults.or(ocr.languages(), List.of()),
                Defaults.or(remote.revision(), ""),
                access);
        return Optional.of(new DeclaredParser(manifest, secret, Authority.of(namespace, remote.caConfigMapRef())));
    }

    private static Duration timeout(@Nullable String declared) {
        var field = FIELD + ".limits.requestTimeout";
        var timeout = Defaults.duration(declared, TIMEOUT, field);
        if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidSpec(field + " is longer than 60m; no document is worth that wait");
        }
        return timeout;
    }

    List<Reference> references() {
        return Stream.of(secret, authority.map(Authority::configMap))
                .flatMap(Optional::stream)
                .toList();
    }
}
