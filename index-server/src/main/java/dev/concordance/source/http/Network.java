package dev.concordance.source.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Which kind of network an address belongs to, by the IANA registries of special-purpose addresses (RFC 6890). */
public enum Network {
    /** What everybody can reach. */
    PUBLIC,
    /** What only those inside can reach: loopback and private networks. */
    PRIVATE,
    /** Where no website is: link-local and multicast, metadata services of clouds, addresses that are nobody's. */
    FORBIDDEN;

    private static final int IPV4_BYTES = 4;
    private static final List<Block> BLOCKS = List.of(
            new Block("0.0.0.0", 8, FORBIDDEN),
            new Block("10.0.0.0", 8, PRIVATE),
            // The metadata service of Alibaba's cloud, inside of the shared address space.
            new Block("100.100.100.200", 32, FORBIDDEN),
            new Block("100.64.0.0", 10, PRIVATE),
            new Block("127.0.0.0", 8, PRIVATE),
            // What Azure's virtual machines ask for their set-up.
            new Block("168.63.129.16", 32, FORBIDDEN),
            new Block("169.254.0.0", 16, FORBIDDEN),
            new Block("172.16.0.0", 12, PRIVATE),
            new Block("192.0.0.0", 24, FORBIDDEN),
            new Block("192.0.2.0", 24, FORBIDDEN),
            new Block("192.88.99.0", 24, FORBIDDEN),
            new Block("192.168.0.0", 16, PRIVATE),
            new Block("198.18.0.0", 15, PRIVATE),
            new Block("198.51.100.0", 24, FORBIDDEN),
            new Block("203.0.113.0", 24, FORBIDDEN),
            new Block("224.0.0.0", 3, FORBIDDEN),
            new Block("::1", 128, PRIVATE),
            // The metadata service of Amazon's cloud, inside of the unique local addresses.
            new Block("fd00:ec2::254", 128, FORBIDDEN),
            new Block("fc00::", 7, PRIVATE),
            new Block("2001::", 23, FORBIDDEN),
            new Block("2001:db8::", 32, FORBIDDEN),
            new Block("3fff::", 20, FORBIDDEN));

    /** IPv6 addresses that stand for an IPv4 address, which begins at a byte: compatible, mapped, NAT64, 6to4. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(new Block("::", 96, FORBIDDEN), 12),
            new Embedding(new Block("64:ff9b::", 96, FORBIDDEN), 12),
            new Embedding(new Block("2002::", 16, FORBIDDEN), 2));

    private static final Block GLOBAL_UNICAST = new Block("2000::", 3, PUBLIC);

    private record Block(byte[] prefix, int bits, Network network) {
        Block(String prefix, int bits, Network network) {
            this(bytes(prefix), bits, network);
        }

        boolean holds(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (var bit = 0; bit < bits; bit += Byte.SIZE) {
                var mask = 0xFF << Math.max(0, Byte.SIZE - (bits - bit));
                if (((address[bit / Byte.SIZE] ^ prefix[bit / Byte.SIZE]) & mask & 0xFF) != 0) {
                    return false;
                }
            }
            return true;
        }

        /** Literals are never looked up. */
        private static byte[] bytes(String literal) {
            try {
                return InetAddress.getByName(literal).getAddress();
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Embedding(Block block, int at) {}

    /** The kind of network of an address; one that stands for another is of that one's. */
    public static Network of(InetAddress address) {
        var bytes = address.getAddress();
        for (var block : BLOCKS) {
            if (block.holds(bytes)) {
                return block.network();
            }
        }
        if (address instanceof Inet4Address) {
            return PUBLIC;
        }
        for (var embedding : EMBEDDINGS) {
            if (embedding.block().holds(bytes)) {
                return ofIpv4(bytes, embedding.at());
            }
        }
        return GLOBAL_UNICAST.holds(bytes) ? PUBLIC : FORBIDDEN;
    }

    private static Network ofIpv4(byte[] bytes, int at) {
        var embedded = new byte[IPV4_BYTES];
        System.arraycopy(bytes, at, embedded, 0, IPV4_BYTES);
        try {
            return of(InetAddress.getByAddress(embedded));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
