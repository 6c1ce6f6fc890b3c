/**
 * The process of its own in which binary and intricate formats are parsed, so that a hostile or endless document costs its quarantine and
 * nothing else. Entry class: {@link dev.concordance.parse.worker.ParserProcess}, on this side;
 * {@link dev.concordance.parse.worker.ParserMain} is the process. What comes back from it isn't trusted. Nothing here knows a
 * format.
 */
@NullMarked
package dev.concordance.parse.worker;

import org.jspecify.annotations.NullMarked;
