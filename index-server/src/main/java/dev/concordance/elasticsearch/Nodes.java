package dev.concordance.elasticsearch;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.HttpHost;

/** The nodes of a cluster that requests go to in turns; one that failed lately comes after all others for a while. */
final class Nodes {
    private static final long AVOIDED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<Node> nodes;
    private final LongSupplier clock;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Node, Long> failed = new ConcurrentHashMap<>();

    /**
     * One node.
     *
     * @param path what its URL has before the path of a request, without a slash at the end
     */
    record Node(HttpHost host, String path) {
        static Node at(URI url) {
            var path = url.getRawPath() == null ? "" : url.getRawPath().replaceFirst("/+$", "");
            return new Node(HttpHost.create(url), path);
        }
    }

    /** @param clock nanoseconds from a time of its choice */
    Nodes(List<URI> urls, LongSupplier clock) {
        this.nodes = urls.stream().map(Node::at).toList();
        this.clock = clock;
    }

    /** All nodes in the order in which a request tries them. */
    List<Node> inOrder() {
        if (nodes.size() == 1) {
            return nodes;
        }
        var first = Math.floorMod(next.getAndIncrement(), nodes.size());
        var order = new ArrayList<Node>(nodes.size());
        var avoided = new ArrayList<Node>();
        for (var i = 0; i < nodes.size(); i++) {
            var node = nodes.get((first + i) % nodes.size());
            (isAvoided(node) ? avoided : order).add(node);
        }
        order.addAll(avoided);
        return order;
    }

    void failed(Node node) {
        failed.put(node, clock.getAsLong());
    }

    void answered(Node node) {
        if (!failed.isEmpty()) {
            failed.remove(node);
        }
    }

    private boolean isAvoided(Node node) {
        var at = failed.get(node);
        return at != null && clock.getAsLong() - at < AVOIDED_NANOS;
    }
}
