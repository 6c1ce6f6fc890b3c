/**
 * Stable addresses on 127.0.0.1 for Services: {@link dev.concordance.localcluster.node.service.ServiceForwards} forwards
 * each to the ready pods behind it. Where pods listen is told by its caller.
 */
@NullMarked
package dev.concordance.localcluster.node.service;

import org.jspecify.annotations.NullMarked;
