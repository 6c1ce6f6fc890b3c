/**
 * Sequences that may be larger than memory, and their order. Entry class: {@link dev.concordance.spool.Spools}.
 */
@NullMarked
package dev.concordance.spool;

import org.jspecify.annotations.NullMarked;
