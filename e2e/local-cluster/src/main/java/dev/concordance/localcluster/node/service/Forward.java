package dev.concordance.localcluster.node.service;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.function.Supplier;

/** Hands each connection to one of the targets, in turn; to the next one if it isn't taken. */
final class Forward implements Closeable {
    private static final System.Logger LOG = System.getLogger(Forward.class.getName());
    private static final int BACKLOG = 256;
    private static final int CONNECT_MILLIS = 1000;

    private final ServerSocket listening;
    private final Supplier<List<InetSocketAddress>> targets;
    private int turn;

    private Forward(ServerSocket listening, Supplier<List<InetSocketAddress>> targets) {
        this.listening = listening;
        this.targets = targets;
    }

    /** On {@code port} of 127.0.0.1, or on any if that one is taken. */
    static Forward open(int port, Supplier<List<InetSocketAddress>> targets) throws IOException {
        var forward = new Forward(listen(port), targets);
        Thread.ofVirtual().name("forward-" + forward.port()).start(forward::accept);
        return forward;
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private static ServerSocket listen(int port) throws IOException {
        try {
            return new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            if (port == 0) {
                throw e;
            }
            return listen(0);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a connection was not accepted", e);
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = connect()) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var answers = Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
            answers.join();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection was not forwarded", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect() throws IOException {
        var all = targets.get();
        var first = next();
        for (var i = 0; i < all.size(); i++) {
            var socket = new Socket();
            try {
                socket.connect(all.get(Math.floorMod(first + i, all.size())), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
            }
        }
        throw new IOException("none of " + all.size() + " pods takes the connection");
    }

    private synchronized int next() {
        return turn++;
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket was not closed", e);
        }
    }
}
