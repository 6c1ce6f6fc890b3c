package dev.concordance.privacy.finding;

import java.util.function.Consumer;

/** Looks for one kind in texts. Takes time in proportion to the text's length, whatever the text. */
@FunctionalInterface
public interface Detector {
    /** Gives what it finds in the order of the text, without overlaps. */
    void find(String text, Consumer<Finding> found);
}
