/**
 * What is handed out: the chart, the examples and the images. The chart and the examples are shown to a real API server, the
 * images are opened. Knows nothing of what the operator does with them.
 */
@NullMarked
package dev.concordance.e2e.chart;

import org.jspecify.annotations.NullMarked;
