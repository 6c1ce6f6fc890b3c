/**
 * Finds the definitions in source code: classes, functions, and the statements with a body inside them. Entry class:
 * {@link dev.concordance.code.SourceCode}. Plain Java, without a grammar: each language's comments, literals and brackets are
 * read exactly, and of the rest only what begins a definition. Source code is hostile: it is read once, in linear time, and
 * depth is bounded. Knows nothing of documents and chunks. Offsets are UTF-16 units.
 */
@NullMarked
package dev.concordance.code;

import org.jspecify.annotations.NullMarked;
