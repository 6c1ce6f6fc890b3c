/** What an evaluation found, and its renderings. Entry class: {@link dev.concordance.evaluation.report.EvaluationReport}. */
@NullMarked
package dev.concordance.evaluation.report;

import org.jspecify.annotations.NullMarked;
