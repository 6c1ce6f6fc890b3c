/**
 * Real servers on loopback that tests and the local cluster start: Elasticsearch, a git server, and a proxy that records
 * and disturbs. Each is a plain class with a {@code start} method; nothing here knows Kubernetes.
 */
@NullMarked
package dev.concordance.localcluster.servers;

import org.jspecify.annotations.NullMarked;
