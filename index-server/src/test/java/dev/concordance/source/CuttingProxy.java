package dev.concordance.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Hands one connection through to a server, and breaks it after so many bytes of the server's answers. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final AtomicLong passed = new AtomicLong();

    private CuttingProxy(ServerSocket listening) {
        this.listening = listening;
    }

    static CuttingProxy before(int port, long bytes) {
        try {
            var proxy = new CuttingProxy(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(() -> proxy.serve(port, bytes));
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    long passed() {
        return passed.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void serve(int port, long bytes) {
        try (var client = listening.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var requests = Thread.ofVirtual().start(() -> copy(client, server));
            copy(server.getInputStream(), client.getOutputStream(), bytes);
            requests.interrupt();
        } catch (IOException ended) {
            // Whoever is connected finds out.
            passed.get();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy(InputStream from, OutputStream to, long bytes) throws IOException {
        var buffer = new byte[4_096];
        for (var read = from.read(buffer); read >= 0 && passed.get() < bytes; read = from.read(buffer)) {
            to.write(buffer, 0, read);
            to.flush();
            passed.addAndGet(read);
        }
    }
}
