package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.corpus.DeclaredSource.Authority;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import dev.concordance.operator.kube.Reference;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses the sources of a Corpus. */
final class SourceParser {
    private static final String REF = "HEAD";

    private SourceParser() {}

    static DeclaredSource parse(String namespace, CorpusSpec.Source source) {
        var name = Defaults.required(source.name(), "spec.sources.name");
        if ((source.git() == null) == (source.volume() == null)) {
            throw new InvalidSpec("spec.sources: set exactly one of git and volume in source " + name);
        }
        var git = source.git();
        return git != null ? git(namespace, name, source, git) : volume(namespace, name, source, source.volume());
    }

    private static DeclaredSource git(String namespace, String name, CorpusSpec.Source source, CorpusSpec.Git git) {
        var credentials = git.credentialsSecretRef();
        var secret = credentials == null || credentials.name() == null
                ? Optional.<Reference>empty()
                : Optional.of(Reference.secret(namespace, credentials.name()));
        var ca = git.caConfigMapRef();
        var authority = ca == null || ca.name() == null
                ? Optional.<Authority>empty()
                : Optional.of(
                        new Authority(Reference.configMap(namespace, ca.name()), Defaults.or(ca.key(), "ca.crt")));
        var location = new SourceManifest.Git(
                Defaults.required(git.url(), "spec.sources.git.url"),
                Defaults.or(git.ref(), REF),
                secret.isPresent() ? "git-" + name : null,
                null);
        return new DeclaredSource(manifest(name, location, source), secret, authority, Optional.empty());
    }

    private static DeclaredSource volume(
            String namespace, String name, CorpusSpec.Source source, CorpusSpec.@Nullable Volume declared) {
        var volume = Defaults.required(declared, "spec.sources.volume");
        var claim = Defaults.required(volume.claimName(), "spec.sources.volume.claimName");
        var path = Defaults.or(volume.path(), "");
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new InvalidSpec(
                    "spec.sources.volume.path: \"" + path + "\" leaves the volume; write a path below its root");
        }
        return new DeclaredSource(
                manifest(name, new SourceManifest.Volume("volume-" + name, path), source),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Reference.claim(namespace, claim)));
    }

    private static SourceManifest manifest(String name, SourceManifest.Location location, CorpusSpec.Source source) {
        return new SourceManifest(
                name,
                location,
                Defaults.or(source.include(), List.of()),
                Defaults.or(source.exclude(), List.of()),
                source.uriTemplate(),
                jsonLines(source.jsonl()));
    }

    private static SourceManifest.@Nullable JsonLines jsonLines(CorpusSpec.@Nullable JsonLines declared) {
        return declared == null
                ? null
                : new SourceManifest.JsonLines(
                        Defaults.or(declared.idField(), "id"),
                        declared.titleField(),
                        Defaults.or(declared.textField(), "text"),
                        declared.uriField(),
                        Defaults.or(declared.metadataFields(), List.of()));
    }
}
