/**
 * What detectors have in common: {@link dev.concordance.privacy.finding.Detector}, what they find, and the plain form of the
 * text in which they look. Knows no kind in particular.
 */
@NullMarked
package dev.concordance.privacy.finding;

import org.jspecify.annotations.NullMarked;
