package dev.concordance.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void givesNoPortTwiceAndNoneThatAnOutgoingConnectionMayHave() throws IOException {
        var ports = new ArrayList<>(FreePorts.take(9));
        ports.addAll(FreePorts.take(9));

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port > 1024 && port < 32_768);
        for (var port : ports) {
            try (var server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(server.isBound()).isTrue();
            }
        }
    }
}
