package dev.concordance.embedding.remote;

import dev.concordance.embedding.Embedded;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.RefusedText;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.embedding.UsableVector;
import dev.concordance.embedding.remote.Caller.Batch;
import dev.concordance.http.Time;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RemoteModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A model behind an HTTP endpoint. Texts go in batches within the declared limits. Of a batch that is refused the halves are
 * tried, until it is known which texts are refused for themselves.
 */
public final class RemoteEmbedder implements Embedder {
    private final RemoteModel model;
    private final Tokenizer tokenizer;
    private final Caller caller;

    private RemoteEmbedder(RemoteModel model, Tokenizer tokenizer, Caller caller) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.caller = caller;
    }

    /**
     * Prepares a model; nothing is asked yet. Throws {@link ModelException}.
     *
     * @param mounts folder of a mount by its name
     */
    public static RemoteEmbedder open(
            RemoteModel model, Tokenizer tokenizer, Function<String, Path> mounts, Purse purse) {
        return open(model, tokenizer, mounts, purse, Time.REAL);
    }

    static RemoteEmbedder open(
            RemoteModel model, Tokenizer tokenizer, Function<String, Path> mounts, Purse purse, Time time) {
        try {
            var endpoint = new Endpoint(model.access(), new Wire(model).path(), mounts);
            return new RemoteEmbedder(model, tokenizer, new Caller(model, endpoint, purse, time));
        } catch (IllegalArgumentException e) {
            throw new ModelException(FailureReason.ModelInvalid, "the model's url is none: correct it", e);
        }
    }

    @Override
    public float[] embed(Role role, String text) {
        var batch = batch(role, List.of(text));
        var verdict = role == Role.QUERY ? caller.once(batch) : caller.patiently(batch);
        return switch (usable(verdict).getFirst()) {
            case Embedded.Vector(var floats) -> floats;
            case Embedded.Refused refused -> throw new RefusedText("the model's endpoint refuses the text");
        };
    }

    @Override
    public List<Embedded> embed(Role role, List<String> texts) {
        return divided(role, texts);
    }

    @Override
    public List<List<String>> divided(List<String> texts) {
        var limits = model.access().limits();
        var batches = new ArrayList<List<String>>();
        var batch = new ArrayList<String>();
        var tokens = 0L;
        for (var text : texts) {
            var more = size(model.passagePrefix() + text);
            if (!batch.isEmpty()
                    && (batch.size() == limits.inputsPerRequest() || tokens + more > limits.tokensPerRequest())) {
                batches.add(List.copyOf(batch));
                batch.clear();
                tokens = 0;
            }
            batch.add(text);
            tokens += more;
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }

    @Override
    public int callers() {
        return model.access().limits().concurrentRequests();
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public RemoteModel manifest() {
        return model;
    }

    @Override
    public void close() {
        caller.close();
    }

    private List<Embedded> divided(Role role, List<String> texts) {
        var verdict = caller.patiently(batch(role, texts));
        if (verdict instanceof Verdict.Answered || texts.size() == 1) {
            return usable(verdict);
        }
        var middle = texts.size() / 2;
        var embedded = new ArrayList<>(divided(role, texts.subList(0, middle)));
        embedded.addAll(divided(role, texts.subList(middle, texts.size())));
        return embedded;
    }

    private List<Embedded> usable(Verdict verdict) {
        return verdict instanceof Verdict.Answered(var answer)
                ? answer.vectors().stream().map(this::usable).toList()
                : List.of(new Embedded.Refused());
    }

    private Embedded usable(float[] vector) {
        try {
            return new Embedded.Vector(UsableVector.of(vector, model.normalize()));
        } catch (RefusedText e) {
            return new Embedded.Refused();
        }
    }

    private Batch batch(Role role, List<String> texts) {
        var prefix = role == Role.QUERY ? model.queryPrefix() : model.passagePrefix();
        var inputs = texts.stream().map(text -> cut(prefix + text)).toList();
        return new Batch(inputs, inputs.stream().mapToLong(this::size).sum());
    }

    /** A longer text is cut where the model would cut it, as one that runs here is; else the endpoint may refuse it. */
    private String cut(String text) {
        var tokens = tokenizer.tokenize(text);
        var most = model.maxTokens() - tokenizer.frame().size();
        return tokens.size() <= most ? text : text.substring(0, tokens.end(most - 1));
    }

    private long size(String text) {
        return tokenizer.count(text) + tokenizer.frame().size();
    }
}
