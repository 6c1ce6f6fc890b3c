/** Measures of one ranking against judgments, by trec_eval's definitions, and of shown passages against excerpts. Entry class: {@link dev.concordance.evaluation.measure.Measure}. Knows nothing of files or servers. */
@NullMarked
package dev.concordance.evaluation.measure;

import org.jspecify.annotations.NullMarked;
