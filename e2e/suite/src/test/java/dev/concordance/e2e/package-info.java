/**
 * Concordance as its users meet it, driven by manifests and HTTP only, on a real control plane and a real Elasticsearch
 * node. Nothing here reaches into the operator's or the index server's classes; what an index must hold is read from the
 * index itself ({@link dev.concordance.localcluster.servers.IndexSnapshot}).
 */
@NullMarked
package dev.concordance.e2e;

import org.jspecify.annotations.NullMarked;
