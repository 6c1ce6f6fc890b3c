/**
 * Whether searches find what the ledger says that they do. Entry: {@link dev.concordance.operator.tracer.TracerWatch}, which remembers
 * what was found and looks again only for something new. Must not know corpora as objects of Kubernetes, nor their conditions.
 */
@NullMarked
package dev.concordance.operator.tracer;

import org.jspecify.annotations.NullMarked;
