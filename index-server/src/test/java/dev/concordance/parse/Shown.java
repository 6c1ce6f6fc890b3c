package dev.concordance.parse;

import java.util.List;

/** A document's blocks as they are compared in tests. */
final class Shown {
    private Shown() {}

    /** Of each block its headings, its kind and its words, in which {@code /} stands for the end of a line. */
    static List<String> blocks(ParsedDocument document) {
        return document.blocks().stream()
                .map(block -> block.headings() + " " + block.kind() + ": "
                        + document.text().substring(block.start(), block.end()).replace('\n', '/'))
                .toList();
    }
}
