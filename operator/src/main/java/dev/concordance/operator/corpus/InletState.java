package dev.concordance.operator.corpus;

import dev.concordance.operator.kube.Reference;
import java.util.Optional;

/**
 * How an inlet stands.
 *
 * @param ready how many of its pods take documents
 * @param taken an object of another owner that has the name which one of the inlet's would have
 */
public record InletState(int ready, Optional<Reference> taken) {}
