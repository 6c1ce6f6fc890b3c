package dev.concordance.source.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A host whose address may not be asked. Nothing was sent to it. */
public final class ForbiddenAddress extends UnknownHostException {
    private static final long serialVersionUID = 1;

    private final Network network;

    ForbiddenAddress(String host, InetAddress address, Network network) {
        super("the host %s has the address %s, which is not asked".formatted(host, address.getHostAddress()));
        this.network = network;
    }

    /** What kind of network it is in. */
    public Network network() {
        return network;
    }
}
