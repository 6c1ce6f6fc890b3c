/**
 * Looks at documents before anything of them is cut, embedded, hashed or stored, and keeps out or marks what a ChunkingPolicy
 * says. Entry class: {@link dev.concordance.privacy.Screening}. Knows nothing of sources, models and indexes. What was found
 * leaves this package as kinds, counts and places, never as text.
 */
@NullMarked
package dev.concordance.privacy;

import org.jspecify.annotations.NullMarked;
