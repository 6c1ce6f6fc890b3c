package dev.concordance.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents that their sources don't hold any more and that stay searchable, since more of them would go at once than the
 * deletion guard allows.
 *
 * @param token by which these, and no others, are approved
 * @param documents how many they are
 * @param of how many documents there are
 * @param sample some of them, at most {@value #SAMPLE}, each as {@code source:id}
 * @param considered approval that the run knew of which withheld them; null: there was none
 * @param accepted that approval, if its token was once shown; what it approves may go whenever it can be told that it has gone
 */
public record Withheld(
        String token,
        long documents,
        long of,
        List<String> sample,
        @Nullable String considered,
        @Nullable String accepted) {
    /** Most documents of a sample. */
    public static final int SAMPLE = 10;

    public Withheld {
        sample = List.copyOf(sample);
    }

    /** What is withheld without any approval. */
    public Withheld(String token, long documents, long of, List<String> sample, @Nullable String considered) {
        this(token, documents, of, sample, considered, null);
    }

    /** Whether a token was shown, for what is withheld now or was before. */
    public boolean knows(String given) {
        return given.equals(token) || given.equals(accepted);
    }
}
