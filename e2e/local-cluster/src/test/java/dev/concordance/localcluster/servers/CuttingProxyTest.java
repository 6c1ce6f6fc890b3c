package dev.concordance.localcluster.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class CuttingProxyTest {
    private static final int ANSWER = 100_000;

    @Test
    void breaksEachConnectionAfterSoManyBytesUntilItIsMended() throws IOException {
        try (var server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                var proxy = CuttingProxy.before(server.getLocalPort())) {
            Thread.ofVirtual().start(() -> answer(server));
            assertThat(ask(proxy)).isEqualTo(ANSWER);
            assertThat(proxy.cuts()).isZero();
            proxy.cutAfter(1_234);
            assertThat(ask(proxy)).isEqualTo(1_234);
            assertThat(ask(proxy)).as("who asks again").isEqualTo(1_234);
            assertThat(proxy.cuts()).isEqualTo(2);
            assertThat(proxy.passed()).isEqualTo(ANSWER + 2 * 1_234);
            proxy.mend();
            assertThat(ask(proxy)).isEqualTo(ANSWER);
        }
    }

    /** How many bytes of an answer come. */
    private static int ask(CuttingProxy proxy) throws IOException {
        try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), proxy.port())) {
            socket.getOutputStream().write('?');
            return socket.getInputStream().readAllBytes().length;
        }
    }

    private static void answer(ServerSocket server) {
        while (!server.isClosed()) {
            try (var client = server.accept()) {
                assertThat(client.getInputStream().read()).isEqualTo('?');
                client.getOutputStream().write(new byte[ANSWER]);
            } catch (IOException cut) {
                assertThat(server.isBound()).isTrue();
            }
        }
    }
}
