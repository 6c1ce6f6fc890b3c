package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusInlet;
import dev.concordance.api.v1alpha1.CorpusSource;
import dev.concordance.api.v1alpha1.CorpusSpec;
import dev.concordance.api.v1alpha1.PushSource;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pods that take pushed documents, and from whom.
 *
 * @param resources empty: the default
 */
public record DeclaredInlet(int replicas, Optional<ResourceRequirements> resources, List<Source> sources) {
    public DeclaredInlet {
        sources = List.copyOf(sources);
    }

    /**
     * A source that documents are pushed to.
     *
     * @param uriTemplate as its manifest has it
     */
    public record Source(String name, @Nullable String uriTemplate, List<Token> tokens) {
        public Source {
            tokens = List.copyOf(tokens);
        }
    }

    /** A bearer token, whose value is under {@code key} of a Secret. */
    public record Token(String name, String secret, String key) {}

    /** The tokens of all sources. */
    List<Token> tokens() {
        return sources.stream().flatMap(source -> source.tokens().stream()).toList();
    }

    /** Empty: nothing is pushed; throws {@link InvalidSpec}. */
    static Optional<DeclaredInlet> parse(CorpusSpec spec) {
        var sources = Defaults.or(spec.sources(), List.<CorpusSource>of()).stream()
                .filter(source -> source.push() != null)
                .map(DeclaredInlet::source)
                .toList();
        var inlet = Defaults.or(spec.inlet(), new CorpusInlet(null, null));
        if (sources.isEmpty() && spec.inlet() != null) {
            throw new InvalidSpec(
                    "spec.inlet is only of use with a source of the kind push; declare one, or take it out");
        }
        return sources.isEmpty()
                ? Optional.empty()
                : Optional.of(new DeclaredInlet(
                        Defaults.or(inlet.replicas(), 1), Optional.ofNullable(inlet.resources()), sources));
    }

    private static Source source(CorpusSource source) {
        var name = String.valueOf(source.name());
        var push = source.push();
        var declared = push == null ? null : push.tokens();
        var tokens = Defaults.or(declared, List.<PushSource.Token>of()).stream()
                .map(DeclaredInlet::token)
                .toList();
        if (tokens.isEmpty()) {
            throw new InvalidSpec("spec.sources.push.tokens: declare at least one token in source " + name);
        }
        var names = new HashSet<String>();
        for (var token : tokens) {
            if (!names.add(token.name())) {
                throw new InvalidSpec("spec.sources.push.tokens: the name \"" + token.name() + "\" is there twice");
            }
        }
        return new Source(name, source.uriTemplate(), tokens);
    }

    private static Token token(PushSource.Token token) {
        var reference = Defaults.required(token.secretRef(), "spec.sources.push.tokens.secretRef");
        return new Token(
                Defaults.required(token.name(), "spec.sources.push.tokens.name"),
                Defaults.required(reference.name(), "spec.sources.push.tokens.secretRef.name"),
                Defaults.or(reference.key(), "token"));
    }
}
