package dev.concordance.evaluation.judged;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The queries to ask, each with a relevant document, in the order of their file.
 *
 * @param name of the file or folder
 * @param withoutRelevant so many queries of the file are left out, because nothing is judged relevant to them
 * @param gone judged documents that the index doesn't have, whose judgments are left out; in order
 */
public record JudgedSet(String name, List<JudgedQuery> queries, int withoutRelevant, List<String> gone) {
    public JudgedSet {
        queries = List.copyOf(queries);
        gone = List.copyOf(gone);
    }

    /** How much a set may hold. */
    public record Limits(int queries, int judgmentsOfQuery) {
        public static final Limits DEFAULT = new Limits(100_000, 10_000);
    }

    /**
     * A file with a query a line: {@code {"id", "query", "relevant": {"documentId": grade}, "spans": [{"documentId", "start", "end"}],
     * "split"}}. Throws IllegalArgumentException that says what is wrong, and on which line.
     */
    public static JudgedSet ofJsonl(Path file, Limits limits) {
        try {
            return of(file, new JsonlFile(limits).read(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder in BEIR's layout, {@code queries.jsonl} and {@code qrels/JUDGMENTS.tsv}; throws as {@link #ofJsonl}. */
    public static JudgedSet ofBeir(Path folder, String judgments, Limits limits) {
        try {
            return of(folder, new BeirFolder(limits).read(folder, judgments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Throws IllegalArgumentException if the file is another one than was meant.
     *
     * @param sha256 in hexadecimal digits
     */
    public static void verify(Path file, String sha256) {
        try (var bytes = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            bytes.transferTo(OutputStream.nullOutputStream());
            var found = HexFormat.of().formatHex(bytes.getMessageDigest().digest());
            if (!found.equals(sha256.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "%s has the SHA-256 %s, not %s: it changed, or was not fetched whole; if it is meant, declare its SHA-256"
                                .formatted(file.getFileName(), found, sha256));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Only what can be found: judgments of documents that are gone are left out and named, and so are the queries to which nothing is
     * relevant without them.
     *
     * @param documents ids of all that the index has
     */
    public JudgedSet existing(Set<String> documents) {
        var missing = new TreeSet<>(gone);
        var left = new ArrayList<JudgedQuery>();
        for (var query : queries) {
            query.judgments().grades().keySet().stream()
                    .filter(id -> !documents.contains(id))
                    .forEach(missing::add);
            left.add(new JudgedQuery(
                    query.id(),
                    query.text(),
                    query.judgments().of(documents),
                    query.excerpts().stream()
                            .filter(excerpt -> documents.contains(excerpt.documentId()))
                            .toList(),
                    query.split(),
                    query.synthetic()));
        }
        left.removeIf(query -> query.judgments().relevant() == 0);
        if (left.isEmpty()) {
            throw new IllegalArgumentException(
                    "none of the %,d judged documents of %s is in the index: are they the ids that searches answer with?"
                            .formatted(missing.size(), name));
        }
        return new JudgedSet(name, left, withoutRelevant + queries.size() - left.size(), List.copyOf(missing));
    }

    /** Only those of {@code train} or {@code test}. */
    public JudgedSet split(String split) {
        var chosen =
                queries.stream().filter(query -> query.split().equals(split)).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException(name + " has no queries of the split " + split);
        }
        return new JudgedSet(name, chosen, withoutRelevant, gone);
    }

    /** At most so many, evenly spread over the file. */
    public JudgedSet spread(int atMost) {
        if (atMost >= queries.size()) {
            return this;
        }
        var chosen = new ArrayList<JudgedQuery>();
        for (var i = 0; i < atMost; i++) {
            chosen.add(queries.get((int) ((long) i * queries.size() / atMost)));
        }
        return new JudgedSet(name, chosen, withoutRelevant, gone);
    }

    private static JudgedSet of(Path from, List<JudgedQuery> all) {
        var name = from.toAbsolutePath().normalize().getFileName().toString();
        var queries =
                all.stream().filter(query -> query.judgments().relevant() > 0).toList();
        if (queries.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has no query with a relevant document: a grade above 0 says that one is".formatted(name));
        }
        return new JudgedSet(name, queries, all.size() - queries.size(), List.of());
    }
}
