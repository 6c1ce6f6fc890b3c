package dev.concordance.source;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before a server of MariaDB, and has it lead whoever has signed in to another one: the first packet that says OK tells that the
 * variable {@code redirect_url} has been set. A server of 11.4.5 has the variable, and doesn't tell of it then.
 */
final class LeadingServer implements AutoCloseable {
    private static final int HEADER = 4;
    private static final byte[] OK = {0, 0, 0, 2, 0x40, 0, 0, 0};

    private final ServerSocket listening;
    private final int server;
    private final byte[] told;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private LeadingServer(ServerSocket listening, int server, byte[] told) {
        this.listening = listening;
        this.server = server;
        this.told = told;
    }

    /** @param to the port on 127.0.0.1 to which it leads */
    static LeadingServer before(int server, int to) throws IOException {
        var listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        var leading = new LeadingServer(listening, server, told("mariadb://127.0.0.1:" + to));
        leading.threads.execute(leading::accept);
        return leading;
    }

    int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                var client = listening.accept();
                var upstream = new Socket(InetAddress.getByName("127.0.0.1"), server);
                threads.execute(
                        () -> pass(() -> client.getInputStream().transferTo(upstream.getOutputStream()), upstream));
                threads.execute(() -> pass(() -> answer(upstream, client), client));
            }
        } catch (IOException closed) {
            threads.shutdown();
        }
    }

    private interface Passing {
        void run() throws IOException;
    }

    private static void pass(Passing passing, Socket to) {
        try (to) {
            passing.run();
        } catch (IOException ended) {
            // Whoever waits for more is told by the end of the connection.
        }
    }

    private void answer(Socket upstream, Socket client) throws IOException {
        var in = new DataInputStream(upstream.getInputStream());
        var out = client.getOutputStream();
        for (var isSignedIn = false; !isSignedIn; ) {
            var header = in.readNBytes(HEADER);
            var payload = in.readNBytes((header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16);
            isSignedIn = payload[0] == 0;
            send(header[3], isSignedIn ? told : payload, out);
        }
        in.transferTo(out);
    }

    private static void send(byte number, byte[] payload, OutputStream out) throws IOException {
        out.write(new byte[] {(byte) payload.length, (byte) (payload.length >> 8), (byte) (payload.length >> 16), number
        });
        out.write(payload);
        out.flush();
    }

    private static byte[] told(String url) {
        return prefixed(
                OK, lengthFirst(prefixed(new byte[] {0}, lengthFirst(prefixed(text("redirect_url"), text(url))))));
    }

    private static byte[] text(String text) {
        return lengthFirst(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] lengthFirst(byte[] bytes) {
        return prefixed(new byte[] {(byte) bytes.length}, bytes);
    }

    private static byte[] prefixed(byte[] first, byte[] then) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(then);
        return both.toByteArray();
    }
}
