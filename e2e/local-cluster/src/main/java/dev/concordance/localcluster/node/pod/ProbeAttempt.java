package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/**
 * Asks a container once how it is.
 *
 * @param host the pod's own address on loopback
 */
record ProbeAttempt(Container container, String host) {
    boolean passes(Probe probe) {
        var timeout = ProbeState.or(probe.getTimeoutSeconds(), 1) * 1000;
        var http = probe.getHttpGet();
        try {
            if (http != null) {
                return answers(http, timeout);
            }
            try (var socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(host, port(probe.getTcpSocket().getPort())), timeout);
                return true;
            }
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean answers(HTTPGetAction http, int timeout) throws IOException {
        var path = http.getPath() == null ? "/" : http.getPath();
        var url =
                URI.create("http://" + host + ":" + port(http.getPort()) + path).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setConnectTimeout(timeout);
        connection.setReadTimeout(timeout);
        connection.setInstanceFollowRedirects(false);
        http.getHttpHeaders().forEach(header -> connection.setRequestProperty(header.getName(), header.getValue()));
        try {
            var status = connection.getResponseCode();
            return status >= 200 && status < 400;
        } finally {
            connection.disconnect();
        }
    }

    private int port(IntOrString port) {
        return port(List.of(container), port);
    }

    /** The number of a port that may be called by name. */
    static int port(List<Container> containers, IntOrString port) {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return containers.stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(declared -> port.getStrVal().equals(declared.getName()))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no port is called " + port.getStrVal()));
    }
}
