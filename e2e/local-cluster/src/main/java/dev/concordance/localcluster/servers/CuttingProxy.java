package dev.concordance.localcluster.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands connections through to a server on loopback, whatever is spoken over them, and breaks them where it is told to: in the
 * middle of an answer. Who is connected again gets as far again.
 */
public final class CuttingProxy implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;

    private final ServerSocket listening;
    private final int server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile long most = NEVER;

    private CuttingProxy(ServerSocket listening, int server) {
        this.listening = listening;
        this.server = server;
    }

    /** Listens on a free port of 127.0.0.1; the server may not be there yet. */
    public static CuttingProxy before(int port) {
        try {
            var proxy = new CuttingProxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), port);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** From now on breaks each connection that has had so many bytes of answers when the next one comes. */
    public void cutAfter(long bytes) {
        most = bytes;
    }

    /** Breaks no more of them. */
    public void mend() {
        most = NEVER;
    }

    /** How many connections were broken. */
    public int cuts() {
        return cuts.get();
    }

    /** How many bytes of answers have gone through. */
    public long passed() {
        return passed.get();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                var client = listening.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException closed) {
            most = NEVER;
        }
    }

    private void serve(Socket client) {
        try (client;
                var upstream = new Socket(InetAddress.getByName("127.0.0.1"), server)) {
            open.add(client);
            open.add(upstream);
            threads.execute(() -> ask(client, upstream));
            answer(upstream.getInputStream(), client.getOutputStream());
            open.remove(client);
            open.remove(upstream);
        } catch (IOException ended) {
            open.remove(client);
        }
    }

    private void ask(Socket client, Socket upstream) {
        try (upstream) {
            client.getInputStream().transferTo(upstream.getOutputStream());
        } catch (IOException ended) {
            open.remove(upstream);
        }
    }

    private void answer(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[4_096];
        var given = 0L;
        for (var read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            var part = Math.clamp(most - given, 0, read);
            to.write(buffer, 0, part);
            to.flush();
            given += part;
            passed.addAndGet(part);
            if (part < read) {
                cuts.incrementAndGet();
                return;
            }
        }
    }
}
