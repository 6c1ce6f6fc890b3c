package dev.concordance.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "PUBLIC, 8.8.8.8",
        "PUBLIC, 1.1.1.1",
        "PUBLIC, 9.255.255.255",
        "PUBLIC, 11.0.0.0",
        "PUBLIC, 172.15.255.255",
        "PUBLIC, 172.32.0.0",
        "PUBLIC, 100.63.255.255",
        "PUBLIC, 100.128.0.0",
        "PUBLIC, 192.167.255.255",
        "PUBLIC, 223.255.255.255",
        "PUBLIC, 2600::1",
        "PUBLIC, 2a00:1450:4001:800::200e",
        "PUBLIC, 64:ff9b::808:808",
        "PUBLIC, 2002:808:808::1",
        "PUBLIC, ::ffff:8.8.8.8",
        "PRIVATE, 127.0.0.1",
        "PRIVATE, 127.255.255.255",
        "PRIVATE, 10.0.0.0",
        "PRIVATE, 10.255.255.255",
        "PRIVATE, 172.16.0.1",
        "PRIVATE, 172.31.255.255",
        "PRIVATE, 192.168.1.1",
        "PRIVATE, 100.64.0.1",
        "PRIVATE, 100.127.255.255",
        "PRIVATE, 198.19.0.1",
        "PRIVATE, ::1",
        "PRIVATE, fc00::1",
        "PRIVATE, fdff:ffff::1",
        "PRIVATE, ::ffff:10.0.0.1",
        "PRIVATE, ::ffff:127.0.0.1",
        "PRIVATE, ::7f00:1",
        "PRIVATE, 64:ff9b::a00:1",
        "PRIVATE, 2002:7f00:1::",
        "PRIVATE, 2002:c0a8:101::1",
        "FORBIDDEN, 0.0.0.0",
        "FORBIDDEN, 0.1.2.3",
        "FORBIDDEN, 169.254.169.254",
        "FORBIDDEN, 169.254.0.1",
        "FORBIDDEN, 100.100.100.200",
        "FORBIDDEN, 168.63.129.16",
        "FORBIDDEN, 192.0.0.192",
        "FORBIDDEN, 192.0.2.1",
        "FORBIDDEN, 198.51.100.1",
        "FORBIDDEN, 203.0.113.1",
        "FORBIDDEN, 224.0.0.1",
        "FORBIDDEN, 239.255.255.255",
        "FORBIDDEN, 240.0.0.1",
        "FORBIDDEN, 255.255.255.255",
        "FORBIDDEN, ::",
        "FORBIDDEN, fe80::1",
        "FORBIDDEN, febf::1",
        "FORBIDDEN, fec0::1",
        "FORBIDDEN, ff02::1",
        "FORBIDDEN, fd00:ec2::254",
        "FORBIDDEN, 64:ff9b::a9fe:a9fe",
        "FORBIDDEN, 64:ff9b:1::a00:1",
        "FORBIDDEN, 2002:a9fe:a9fe::",
        "FORBIDDEN, ::ffff:169.254.169.254",
        "FORBIDDEN, ::a9fe:a9fe",
        "FORBIDDEN, 2001::1",
        "FORBIDDEN, 2001:db8::1",
        "FORBIDDEN, 3fff::1",
        "FORBIDDEN, 100::1",
        "FORBIDDEN, 4000::1",
        "FORBIDDEN, 5f00::1"
    })
    void isToldByTheAddress(Network network, String address) throws Exception {
        assertThat(Network.of(InetAddress.getByName(address))).isEqualTo(network);
    }

    @Test
    void asksPrivateNetworksOnlyWhereThatIsAllowedAndMetadataServicesNowhere() throws Exception {
        for (var allowed : List.of(true, false)) {
            var reach = Reach.of(allowed).allowed();
            assertThat(reach.test(InetAddress.getByName("8.8.8.8"))).isTrue();
            assertThat(reach.test(InetAddress.getByName("10.0.0.1"))).isEqualTo(allowed);
            assertThat(reach.test(InetAddress.getByName("169.254.169.254"))).isFalse();
        }
    }

    @Test
    void refusesAHostOfWhichOneAddressIsNotAllowed() {
        var reach = new Reach(
                host -> new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")},
                Reach.of(false).allowed());
        assertThatThrownBy(() -> reach.resolver().resolve("two.example"))
                .isInstanceOf(ForbiddenAddress.class)
                .hasMessageContaining("two.example has the address 10.0.0.1");
    }
}
