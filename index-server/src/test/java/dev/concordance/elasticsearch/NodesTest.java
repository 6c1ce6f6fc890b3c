package dev.concordance.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.Nodes.Node;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodesTest {
    private static final URI A = URI.create("http://a:9200");
    private static final URI B = URI.create("http://b:9200");
    private static final URI C = URI.create("http://c:9200");

    private final AtomicLong now = new AtomicLong();
    private final Nodes nodes = new Nodes(List.of(A, B, C), now::get);

    @Test
    void takesTurns() {
        assertThat(nodes.inOrder()).containsExactly(Node.at(A), Node.at(B), Node.at(C));
        assertThat(nodes.inOrder()).containsExactly(Node.at(B), Node.at(C), Node.at(A));
        assertThat(nodes.inOrder()).containsExactly(Node.at(C), Node.at(A), Node.at(B));
        assertThat(nodes.inOrder()).containsExactly(Node.at(A), Node.at(B), Node.at(C));
    }

    @Test
    void leavesOneThatFailedToTheEndForTenSeconds() {
        nodes.failed(Node.at(A));

        assertThat(nodes.inOrder()).containsExactly(Node.at(B), Node.at(C), Node.at(A));
        now.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
        assertThat(nodes.inOrder()).containsExactly(Node.at(B), Node.at(C), Node.at(A));
        now.incrementAndGet();
        nodes.inOrder();
        assertThat(nodes.inOrder()).containsExactly(Node.at(A), Node.at(B), Node.at(C));
    }

    @Test
    void takesOneThatAnsweredAgainIn() {
        nodes.failed(Node.at(A));
        nodes.answered(Node.at(A));

        assertThat(nodes.inOrder()).containsExactly(Node.at(A), Node.at(B), Node.at(C));
    }

    @Test
    void keepsThePathThatAProxyGivesACluster() {
        assertThat(Node.at(URI.create("https://proxy/search/")).path()).isEqualTo("/search");
        assertThat(Node.at(URI.create("https://proxy")).path()).isEmpty();
    }
}
