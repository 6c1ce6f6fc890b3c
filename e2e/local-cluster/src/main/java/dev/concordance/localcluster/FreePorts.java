package dev.concordance.localcluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on loopback for servers that start later. They lie below the ports that systems give to outgoing connections (Linux
 * from 32768, IANA from 49152), any of which may be in use by the time a server opens it.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> TAKEN = new HashSet<>();

    private FreePorts() {}

    /** So many ports that nothing listens on, none of which is given again by this JVM. */
    public static synchronized List<Integer> take(int count) throws IOException {
        var free = new ArrayList<Integer>();
        for (var attempt = 0; free.size() < count; attempt++) {
            if (attempt == ATTEMPTS) {
                throw new IOException("no free ports between " + FIRST + " and " + END);
            }
            var port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port) && TAKEN.add(port)) {
                free.add(port);
            }
        }
        return free;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
