/** What several suites share: a corpus that is indexed without an operator. */
@NullMarked
package dev.concordance.testing;

import org.jspecify.annotations.NullMarked;
