package dev.concordance.evaluation.starter;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Known-item queries (Azzopardi and de Rijke, SIGIR 2006; Hagen, Wägner and Stein, ECIR 2015): a title or heading is asked, and the
 * document that has it is what should be found. They tell when a change breaks search; how good it is they don't tell, since
 * people ask in other words.
 */
public final class StarterSet {
    private static final int FEWEST_WORDS = 2;
    private static final int LONGEST = 200;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final JsonMapper JSON = new JsonMapper();

    private StarterSet() {}

    /** A document with its title, empty if it has none, and its headings. */
    public record Headed(String documentId, String title, List<String> headings) {
        public Headed {
            headings = List.copyOf(headings);
        }
    }

    private record Known(String documentId, String heading, long hash) {}

    /**
     * Lines of judged queries, each with {@code "synthetic": true}, in a fixed order. Headings that several documents have, or
     * that are of one word, are left out. The same documents give the same lines, in whatever order they come.
     *
     * @param atMost so many, chosen by hash
     */
    public static List<String> of(Iterator<Headed> documents, int atMost) {
        var byWords = new HashMap<String, Known>();
        var several = new HashSet<String>();
        while (documents.hasNext()) {
            var document = documents.next();
            var headings = new ArrayList<String>();
            headings.add(document.title());
            headings.addAll(document.headings());
            for (var heading : headings) {
                add(byWords, several, document.documentId(), heading);
            }
        }
        several.forEach(byWords::remove);
        return sample(byWords, atMost).stream().map(StarterSet::line).toList();
    }

    private static void add(Map<String, Known> byWords, Set<String> several, String document, String heading) {
        var text = heading.strip().replaceAll("\\s+", " ");
        var words = BETWEEN_WORDS
                .splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.stream().filter(word -> word.length() > 2).count() < FEWEST_WORDS || text.length() > LONGEST) {
            return;
        }
        var key = String.join(" ", words);
        var known = byWords.putIfAbsent(key, new Known(document, text, hash(key)));
        if (known != null && !known.documentId().equals(document)) {
            several.add(key);
        }
    }

    private static List<Known> sample(Map<String, Known> byWords, int atMost) {
        var order = Comparator.comparingLong(Known::hash).thenComparing(Known::heading);
        var chosen = new PriorityQueue<Known>(order.reversed());
        for (var known : byWords.values()) {
            chosen.add(known);
            if (chosen.size() > atMost) {
                chosen.remove();
            }
        }
        return chosen.stream().sorted(order).toList();
    }

    private static String line(Known known) {
        var line = JSON.createObjectNode();
        line.put("id", "known-%016x".formatted(known.hash()));
        line.put("query", known.heading());
        line.putObject("relevant").put(known.documentId(), 1);
        return line.put("synthetic", true).toString();
    }

    /** The first 8 bytes of the SHA-256: of so many no two headings meet. */
    private static long hash(String words) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(words.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
