package dev.concordance.impact;

import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.VectorStorage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** In what two generations of a corpus differ, and what it takes to make the one of the other. */
public final class ManifestDifference {
    private static final String NOTHING = "none";
    private static final String POLICY = "ChunkingPolicy spec";
    private static final String MODEL = "EmbeddingModel spec";
    /** Special tokens around a text, of any model that there is a tokenizer for here. */
    private static final int FRAME = 8;

    private final GenerationManifest before;
    private final GenerationManifest after;
    private final List<Cause> causes = new ArrayList<>();

    private ManifestDifference(GenerationManifest before, GenerationManifest after) {
        this.before = before;
        this.after = after;
    }

    /** All settings in which they differ; none exactly if their digests are the same. */
    public static List<Cause> between(GenerationManifest before, GenerationManifest after) {
        var difference = new ManifestDifference(before, after);
        difference.index();
        difference.documents();
        difference.chunking();
        difference.model();
        return List.copyOf(difference.causes);
    }

    /** What all of the causes take together. */
    public static Impact impact(List<Cause> causes) {
        return causes.stream().map(Cause::impact).max(Impact::compareTo).orElse(Impact.NONE);
    }

    private void index() {
        compare("Corpus spec.index.shards", before.shards(), after.shards(), Impact.REMAP);
        compare("Corpus spec.metadata", fields(before), fields(after), screensAlike() ? Impact.REMAP : Impact.RECHUNK);
        compare("Corpus spec.index.vectors", text(before.vectors()), text(after.vectors()), Impact.REMAP);
        compare("Corpus spec.index.analysis", text(before.analysis()), text(after.analysis()), Impact.REMAP);
    }

    /** What is declared to be a number, a date or a truth is screened for nothing, and what was screened isn't stored as it was read. */
    private boolean screensAlike() {
        return after.privacy().isNone() || typed(before).equals(typed(after));
    }

    private static Set<String> typed(GenerationManifest manifest) {
        return manifest.metadata().stream()
                .filter(field -> field.type() != MetadataField.Type.KEYWORD)
                .map(MetadataField::name)
                .collect(Collectors.toSet());
    }

    private void documents() {
        compare("the operator's version of parsing and chunking", before.pipeline(), after.pipeline(), Impact.REFETCH);
        compare(
                "Corpus spec.access.mode",
                mode(before),
                mode(after),
                after.documentLevel() ? Impact.REFETCH : Impact.REMAP);
        compare("Corpus spec.parser", parser(before.parser()), parser(after.parser()), Impact.REFETCH);
        if (!before.privacy().digest().equals(after.privacy().digest())
                && !(before.privacy().isNone() && after.privacy().isNone())) {
            add(POLICY + ".privacy", before.privacy().actions(), after.privacy().actions(), Impact.RECHUNK);
        }
    }

    private void chunking() {
        var was = parameters(before.chunking());
        var is = parameters(after.chunking());
        if (before.chunking().getClass() != after.chunking().getClass()) {
            add(POLICY, was, is, Impact.RECHUNK);
            return;
        }
        for (var name : was.keySet()) {
            compare(POLICY + "." + name, was.get(name), is.get(name), Impact.RECHUNK);
        }
    }

    private void model() {
        var was = before.model();
        var is = after.model();
        if (was.digest().equals(is.digest())) {
            return;
        }
        var impact = cutsAlike(was, is) ? Impact.REEMBED : Impact.RECHUNK;
        var known = causes.size();
        compare(MODEL, name(was), name(is), impact);
        compare(MODEL + " dimensions", was.dimensions(), is.dimensions(), impact);
        compare(MODEL + " maxTokens", was.maxTokens(), is.maxTokens(), impact);
        compare(MODEL + " normalize", was.normalize(), is.normalize(), impact);
        compare(MODEL + " prefixes.passage", was.passagePrefix(), is.passagePrefix(), impact);
        if (known == causes.size()) {
            add(MODEL, was.digest(), is.digest(), impact);
        }
    }

    /**
     * Whether the same documents become the same chunks: tokens are counted alike, and chunks are as long as the policy lets them be with
     * both. A token takes a byte or more, so a prefix has no more tokens than bytes.
     */
    private boolean cutsAlike(EmbeddingModelManifest was, EmbeddingModelManifest is) {
        var countsAlike = BundledModel.counting(was.tokenizer()).equals(BundledModel.counting(is.tokenizer()));
        var isSame = was.maxTokens() == is.maxTokens() && was.passagePrefix().equals(is.passagePrefix());
        var most = after.chunking() instanceof Chunking.Hierarchical parents
                ? Math.max(parents.parentTokens(), parents.maxTokens())
                : after.chunking().maxTokens();
        return countsAlike
                && (isSame || (most <= room(was) && most <= room(is)))
                && !(after.chunking() instanceof Chunking.Semantic);
    }

    private static int room(EmbeddingModelManifest model) {
        return model.maxTokens() - FRAME - model.passagePrefix().getBytes(StandardCharsets.UTF_8).length;
    }

    private static String name(EmbeddingModelManifest model) {
        return switch (model) {
            case OnnxModel onnx ->
                BundledModel.of(onnx.model())
                        .map(BundledModel::modelName)
                        .orElse("sha256 " + onnx.model().sha256() + ", pooling " + onnx.pooling());
            case RemoteModel remote ->
                remote.model() + (remote.revision().isEmpty() ? "" : " revision " + remote.revision());
        };
    }

    private static SortedMap<String, Object> parameters(Chunking chunking) {
        return new TreeMap<>(named(chunking));
    }

    private static Map<String, Object> named(Chunking chunking) {
        return switch (chunking) {
            case Chunking.ByHeadings(var most, var overlap, var header) ->
                Map.of("headings.maxTokens", most, "headings.overlapTokens", overlap, "headings.contextHeader", header);
            case Chunking.BySentences(var most, var overlap, var header) ->
                Map.of(
                        "sentences.maxTokens",
                        most,
                        "sentences.overlapSentences",
                        overlap,
                        "sentences.contextHeader",
                        header);
            case Chunking.ByTokens(var most, var overlap, var header) ->
                Map.of("tokens.maxTokens", most, "tokens.overlapTokens", overlap, "tokens.contextHeader", header);
            case Chunking.Recursive(var most, var header) ->
                Map.of("recursive.maxTokens", most, "recursive.contextHeader", header);
            case Chunking.ByCode(var most, var header) -> Map.of("code.maxTokens", most, "code.contextHeader", header);
            case Chunking.Hierarchical(var parent, var child, var header) ->
                Map.of(
                        "hierarchical.parentTokens", parent,
                        "hierarchical.childTokens", child,
                        "hierarchical.contextHeader", header);
            case Chunking.Semantic(var most, var least, var percentile, var header) ->
                Map.of(
                        "semantic.maxTokens", most,
                        "semantic.minTokens", least,
                        "semantic.breakpointPercentile", percentile,
                        "semantic.contextHeader", header);
            case Chunking.Whole(var header) -> Map.of("whole.contextHeader", header);
        };
    }

    private static String fields(GenerationManifest manifest) {
        var fields = manifest.metadata().stream()
                .map(field -> field.name() + " " + text(field.type()))
                .toList();
        return fields.isEmpty() ? NOTHING : String.join(", ", fields);
    }

    private static String text(MetadataField.Type type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static String text(VectorStorage storage) {
        return storage.type().name().toLowerCase(Locale.ROOT)
                + (storage.type().hasGraph()
                        ? ", m %d, efConstruction %d".formatted(storage.m(), storage.efConstruction())
                        : "");
    }

    private static String text(Analysis analysis) {
        return analysis.language() + (analysis.stopWords() == null ? "" : ", stopWords " + analysis.stopWords());
    }

    private static String mode(GenerationManifest manifest) {
        return manifest.documentLevel() ? "DocumentLevel" : "Public";
    }

    private static String parser(@Nullable RemoteParser parser) {
        return parser == null
                ? NOTHING
                : "formats %s, ocr %s %s, revision \"%s\""
                        .formatted(parser.formats(), parser.ocr(), parser.languages(), parser.revision());
    }

    private void compare(String field, @Nullable Object was, @Nullable Object is, Impact impact) {
        if (!String.valueOf(was).equals(String.valueOf(is))) {
            add(field, was, is, impact);
        }
    }

    private void add(String field, @Nullable Object was, @Nullable Object is, Impact impact) {
        causes.add(new Cause(field, String.valueOf(was), String.valueOf(is), impact));
    }
}
