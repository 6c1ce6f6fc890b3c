package dev.concordance.chunking;

import java.util.List;

/** Gives the meaning of texts. */
public interface Vectors {
    /** The vector of each of the texts; the same text always has the same one. None of the texts is longer than what the model takes. */
    List<float[]> of(List<String> texts);
}
