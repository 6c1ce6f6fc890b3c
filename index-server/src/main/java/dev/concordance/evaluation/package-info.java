/**
 * Measures how well a corpus answers judged queries, through the search API as any client uses it. Entry class: {@link
 * dev.concordance.evaluation.EvaluateCommand}. Knows nothing of Elasticsearch, models or how an answer comes about. What it measures,
 * reads, compares and reports is in the packages below it, which know nothing of servers.
 */
@NullMarked
package dev.concordance.evaluation;

import org.jspecify.annotations.NullMarked;
