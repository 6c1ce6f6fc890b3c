/**
 * The program: its verbs and what they share. Entry class: {@link dev.concordance.server.Main}. Only here is anything wired
 * together.
 */
@NullMarked
package dev.concordance.server;

import org.jspecify.annotations.NullMarked;
