/**
 * The operator: one package a kind, each with the same four roles. An Observer reads, a pure Planner decides, an Actuator
 * does the planned Steps, and Conditions tell. Here is only what all of it is set up with: {@link
 * dev.concordance.operator.OperatorConfiguration}.
 */
@NullMarked
package dev.concordance.operator;

import org.jspecify.annotations.NullMarked;
