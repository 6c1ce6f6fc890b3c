/**
 * What it takes to make another generation of the one that serves: {@link dev.concordance.operator.plan.Estimator} makes a {@link
 * dev.concordance.operator.plan.ChangePlan} of what is stored and of what was measured before. Pure; what is done about a plan is
 * decided where corpora are.
 */
@NullMarked
package dev.concordance.operator.plan;

import org.jspecify.annotations.NullMarked;
