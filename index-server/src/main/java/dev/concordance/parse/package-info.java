/**
 * Bytes to text with structure. Entry class: {@link dev.concordance.parse.Parser}. Documents are hostile: sizes and depths
 * are bounded, and what can't be read ends as {@link dev.concordance.parse.UnreadableDocument} with a reason. Nothing here
 * knows where documents come from or what becomes of them.
 */
@NullMarked
package dev.concordance.parse;

import org.jspecify.annotations.NullMarked;
