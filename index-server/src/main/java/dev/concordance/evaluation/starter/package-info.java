/** Judged queries for a corpus that has none. Entry class: {@link dev.concordance.evaluation.starter.StarterSet}. Pure: headings in, lines out. */
@NullMarked
package dev.concordance.evaluation.starter;

import org.jspecify.annotations.NullMarked;
