/**
 * The replay: a history of commits is ingested one by one by workers that are killed again and again, and nobody may see it.
 * Entry class: {@link dev.concordance.replay.KilledReplayIT}.
 */
@NullMarked
package dev.concordance.replay;

import org.jspecify.annotations.NullMarked;
