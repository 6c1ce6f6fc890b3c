/**
 * The command {@code ./quickstart}: from a checkout to a cited answer. Entry class: {@link
 * dev.concordance.localcluster.quickstart.Quickstart}. It drives kubectl and Helm as a user would; nothing else in the
 * project knows it.
 */
@NullMarked
package dev.concordance.localcluster.quickstart;

import org.jspecify.annotations.NullMarked;
