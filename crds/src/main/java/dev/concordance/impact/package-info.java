/**
 * What a change of what a corpus declares takes: {@link dev.concordance.impact.FieldImpacts} for each field that somebody may
 * write, {@link dev.concordance.impact.ManifestDifference} for the generation that serves and the one that is declared. Pure
 * functions over specs and manifests; nothing here knows how much there is to do, or how long it takes.
 */
@NullMarked
package dev.concordance.impact;

import org.jspecify.annotations.NullMarked;
