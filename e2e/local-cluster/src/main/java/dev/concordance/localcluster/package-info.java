/**
 * A Kubernetes cluster of local processes: the real control plane ({@link dev.concordance.localcluster.ControlPlane}),
 * a double of a kubelet ({@link dev.concordance.localcluster.node.NodeAgent}) and the servers that Concordance needs.
 * {@link dev.concordance.localcluster.LocalCluster} puts them together for tests and for the quickstart. Everything
 * listens on loopback and runs without root; nothing here ships in an image.
 */
@NullMarked
package dev.concordance.localcluster;

import org.jspecify.annotations.NullMarked;
