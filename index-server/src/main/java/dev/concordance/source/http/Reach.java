package dev.concordance.source.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Which hosts can be asked. Connections are made to the very addresses that were looked at, so that a name which changes its
 * mind in between leads nowhere. A host with one address that is not allowed is not asked at all.
 *
 * @param lookup finds their addresses
 * @param allowed which of these may be asked
 */
public record Reach(Lookup lookup, Predicate<InetAddress> allowed) {
    /** Finds the addresses of a host. */
    @FunctionalInterface
    public interface Lookup {
        /** All of them, at least one. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * By the names of the system.
     *
     * @param isPrivateAllowed whether private networks may be asked too
     */
    public static Reach of(boolean isPrivateAllowed) {
        return new Reach(InetAddress::getAllByName, address -> switch (Network.of(address)) {
            case PUBLIC -> true;
            case PRIVATE -> isPrivateAllowed;
            case FORBIDDEN -> false;
        });
    }

    DnsResolver resolver() {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return checked(host);
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    private InetAddress[] checked(String host) throws UnknownHostException {
        var addresses = lookup.addresses(host);
        for (var address : addresses) {
            if (!allowed.test(address)) {
                throw new ForbiddenAddress(host, address, Network.of(address));
            }
        }
        return addresses;
    }
}
