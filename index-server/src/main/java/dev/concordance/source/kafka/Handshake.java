package dev.concordance.source.kafka;

import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.tls.Authorities;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks brokers whether they want credentials, as the protocol does before any are shown. Who shows none is hung up on without a
 * word, and the client takes that for a broker that has gone away.
 */
final class Handshake {
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int VERSION = 1;
    private static final int LARGEST_ANSWER = 1 << 16;

    private Handshake() {}

    /** By the first broker that says so or not. */
    static boolean isWanted(Kafka kafka) {
        return kafka.bootstrapServers().stream()
                .flatMap(broker -> answer(kafka, broker).stream())
                .findFirst()
                .orElse(false);
    }

    /** Nothing if nobody is there, or none who speaks so. */
    private static Optional<Boolean> answer(Kafka kafka, String broker) {
        try (var socket = new Socket()) {
            var host = Objects.requireNonNullElse(Utils.getHost(broker), "");
            var port = Objects.requireNonNullElse(Utils.getPort(broker), 0);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return asked(kafka.tls() ? secured(kafka, socket, host, port) : socket);
        } catch (IOException | GeneralSecurityException unheard) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> asked(Socket socket) throws IOException {
        var request = new ByteArrayOutputStream();
        var out = new DataOutputStream(request);
        out.writeShort(ApiKeys.SASL_HANDSHAKE.id);
        out.writeShort(VERSION);
        out.writeInt(0);
        out.writeUTF("concordance");
        out.writeUTF("PLAIN");
        var sent = new DataOutputStream(socket.getOutputStream());
        sent.writeInt(request.size());
        sent.write(request.toByteArray());
        sent.flush();

        var in = new DataInputStream(socket.getInputStream());
        var length = in.readInt();
        if (length < Integer.BYTES + Short.BYTES || length > LARGEST_ANSWER || in.readInt() != 0) {
            return Optional.empty();
        }
        return switch (Errors.forCode(in.readShort())) {
            case NONE, UNSUPPORTED_SASL_MECHANISM -> Optional.of(true);
            case ILLEGAL_SASL_STATE -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Socket secured(Kafka kafka, Socket socket, String host, int port)
            throws IOException, GeneralSecurityException {
        var authorities = kafka.caCertificates();
        var context = authorities == null ? SSLContext.getDefault() : Authorities.context(authorities);
        var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        return secured;
    }
}
