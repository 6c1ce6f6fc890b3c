/**
 * A test double of a kubelet: {@link dev.concordance.localcluster.node.NodeAgent} is a program that registers a Node and
 * runs the pods bound to it as processes of this host, without root. It isolates nothing and is never shipped.
 * {@link dev.concordance.localcluster.node.NodeAgentProcess} starts and stops it.
 */
@NullMarked
package dev.concordance.localcluster.node;

import org.jspecify.annotations.NullMarked;
