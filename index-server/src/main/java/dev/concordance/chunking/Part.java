package dev.concordance.chunking;

import dev.concordance.parse.Block;
import java.util.List;

/**
 * A stretch of a document that may be divided at the borders between its parts.
 *
 * @param block its range and headings, and how it is divided if it has no parts
 * @param parts in order; empty: it is one block
 */
record Part(Block block, List<Part> parts) {
    Part {
        parts = List.copyOf(parts);
    }

    static Part of(Block block) {
        return new Part(block, List.of());
    }
}
