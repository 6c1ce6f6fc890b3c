package dev.concordance.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.index.DocumentKey;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstones;
import dev.concordance.parse.UnreadableDocument;
import dev.concordance.source.Entry;
import dev.concordance.source.Reading;
import dev.concordance.source.Source;
import dev.concordance.source.Sources;
import dev.concordance.source.VanishedContent;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds what tombstones cover among all that was pushed, whether or not a run has taken it yet: by the reading that also decides
 * what is indexed. What lies there of sources that aren't declared any more counts too, since they may be again.
 */
final class PushedCoverage {
    private final List<SourceManifest> declared;
    private final Reading reading;
    private final Reading.Inbox inbox;
    private final Runnable stop;

    /**
     * The inbox of a corpus.
     *
     * @param declared its sources that are pushed to
     * @param stop throws if the run shall end
     */
    PushedCoverage(List<SourceManifest> declared, Reading reading, Reading.Inbox inbox, Runnable stop) {
        this.declared = List.copyOf(declared);
        this.reading = reading;
        this.inbox = inbox;
        this.stop = stop;
    }

    /** Keys of the documents that are covered. */
    Set<String> find(Tombstones tombstones, Spools spools) {
        var found = new TreeSet<String>();
        var known = declared.stream().map(SourceManifest::name).toList();
        var former = inbox.reader().sources().stream()
                .filter(name -> !known.contains(name))
                .map(PushedCoverage::undeclared);
        Stream.concat(declared.stream(), former).forEach(source -> find(source, tombstones, spools, found));
        return found;
    }

    private static SourceManifest undeclared(String name) {
        return new SourceManifest(name, new SourceManifest.Push(), List.of(), List.of(), null, null);
    }

    private void find(SourceManifest declaration, Tombstones tombstones, Spools spools, Set<String> found) {
        stop.run();
        try (var source = Sources.open(declaration, reading)) {
            var entries = source.list(spools).entries();
            Predicate<Entry> isNamed = entry ->
                    tombstones.of(DocumentKey.of(declaration.name(), entry.id()), declaration.name(), entry.id())
                            != null;
            if (tombstones.dependOnContent()) {
                fetch(source, entries, isNamed);
            }
            try (var all = entries.open()) {
                while (all.hasNext()) {
                    stop.run();
                    var entry = all.next();
                    if (isNamed.test(entry)
                            || tombstones.dependOnContent()
                                    && entry instanceof Entry.Stored stored
                                    && isCovered(declaration, stored, source, tombstones)) {
                        found.add(DocumentKey.of(declaration.name(), entry.id()));
                    }
                }
            }
        }
    }

    /** What is named needn't be read. */
    private static void fetch(Source source, Sequence<Entry> entries, Predicate<Entry> isNamed) {
        try (var all = entries.open()) {
            source.fetch(new Others(all, isNamed));
        }
    }

    private record Others(Cursor<Entry> all, Predicate<Entry> leftOut) implements Iterator<Entry> {
        @Override
        public boolean hasNext() {
            for (var next = all.peek(); next != null && leftOut.test(next); next = all.peek()) {
                all.next();
            }
            return all.hasNext();
        }

        @Override
        public Entry next() {
            return all.next();
        }
    }

    private static boolean isCovered(
            SourceManifest declaration, Entry.Stored entry, Source source, Tombstones tombstones) {
        try {
            var json = DocumentReader.tree(source.content(entry).read());
            return read(declaration, entry.id(), json).erasure(tombstones) != null;
        } catch (VanishedContent deletedSince) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException("what was fetched can't be read", e));
        }
    }

    /** Where the text can't be parsed, the fields beside it are what there is to go by. */
    private static SourceDocument read(SourceManifest declaration, String id, JsonNode json) {
        try {
            return DocumentReader.row(declaration, id, json);
        } catch (UnreadableDocument | RuntimeException unparsed) {
            return DocumentReader.fields(declaration, id, json);
        }
    }
}
