/** Reads sets of judged queries. Entry class: {@link dev.concordance.evaluation.judged.JudgedSet}. Knows nothing of rankings or servers. */
@NullMarked
package dev.concordance.evaluation.judged;

import org.jspecify.annotations.NullMarked;
