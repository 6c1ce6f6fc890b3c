package dev.concordance.replay;

import dev.concordance.chunking.Chunk;
import dev.concordance.chunking.Chunker;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.ObjectId;

/** What an index has to hold of the files of a commit, found without Elasticsearch, workers or what they remember. */
final class Expectation {
    private final History history;
    private final Chunker chunker;
    private final Map<File, List<Chunk>> known = new HashMap<>();

    private record File(String path, ObjectId content) {}

    Expectation(History history, GenerationManifest manifest, Tokenizer tokenizer) {
        this.history = history;
        var room = manifest.model().maxTokens() - tokenizer.frame().size();
        this.chunker = new Chunker(manifest.chunking(), tokenizer, room);
    }

    /** The chunks of each file that gives some, by its path. */
    Map<String, List<Chunk>> of(Map<String, ObjectId> files) {
        var expected = new TreeMap<String, List<Chunk>>();
        files.forEach((path, content) -> {
            var chunks = known.computeIfAbsent(new File(path, content), this::chunks);
            if (!chunks.isEmpty()) {
                expected.put(path, chunks);
            }
        });
        return expected;
    }

    private List<Chunk> chunks(File file) {
        try {
            return Parser.isPassedOver(file.path())
                    ? List.of()
                    : chunker.chunk(file.path(), Parser.parse(file.path(), history.read(file.content())));
        } catch (UnreadableDocument quarantined) {
            return List.of();
        }
    }
}
