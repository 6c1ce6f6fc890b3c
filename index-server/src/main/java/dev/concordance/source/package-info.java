/**
 * The places that documents come from. Entry class: {@link dev.concordance.source.Sources}. A source lists what it holds now
 * and reads single documents; it knows nothing of formats but JSON lines, of chunks or of indexes. Paths, links and sizes
 * are hostile until checked.
 */
@NullMarked
package dev.concordance.source;

import org.jspecify.annotations.NullMarked;
