package dev.concordance.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {
    private static final WebAddress BASE =
            WebAddress.parse("http://a/b/c/d;p?q").orElseThrow();

    /** The examples of RFC 3986, 5.4, but for those that are no http. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "g | http://a/b/c/g",
                "./g | http://a/b/c/g",
                "g/ | http://a/b/c/g/",
                "/g | http://a/g",
                "//g | http://g/",
                "?y | http://a/b/c/d;p?y",
                "g?y | http://a/b/c/g?y",
                "#s | http://a/b/c/d;p?q",
                "g#s | http://a/b/c/g",
                "g?y#s | http://a/b/c/g?y",
                ";x | http://a/b/c/;x",
                "g;x?y#s | http://a/b/c/g;x?y",
                "'' | http://a/b/c/d;p?q",
                ". | http://a/b/c/",
                "./ | http://a/b/c/",
                ".. | http://a/b/",
                "../ | http://a/b/",
                "../g | http://a/b/g",
                "../.. | http://a/",
                "../../g | http://a/g",
                "../../../g | http://a/g",
                "/./g | http://a/g",
                "/../g | http://a/g",
                "g. | http://a/b/c/g.",
                "..g | http://a/b/c/..g",
                "./../g | http://a/b/g",
                "./g/. | http://a/b/c/g/",
                "g/../h | http://a/b/c/h",
                "g;x=1/../y | http://a/b/c/y",
                "g?y/../x | http://a/b/c/g?y/../x",
            })
    void resolvesReferences(String reference, String address) {
        assertThat(BASE.resolve(reference)).map(WebAddress::toString).contains(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP://Docs.Example.COM | http://docs.example.com/",
                "https://docs.example.com:443/ | https://docs.example.com/",
                "http://docs.example.com:443/ | http://docs.example.com:443/",
                "http://docs.example.com.:80/a | http://docs.example.com/a",
                "http://docs.example.com:/a | http://docs.example.com/a",
                "http://a/%7Euser/%c3%bc%2e%2e/x | http://a/~user/%C3%BC../x",
                "http://a/x/%2e%2e/y | http://a/y",
                "http://a/ü b?q=ä b | http://a/%C3%BC%20b?q=%C3%A4%20b",
                "http://a/100% | http://a/100%25",
                "http://a/b? | http://a/b",
                "http://a?q | http://a/?q",
                "http://a//b///c | http://a//b///c",
                "http://müller.example/ | http://xn--mller-kva.example/",
                "http://[::1]:8080/x | http://[::1]:8080/x",
            })
    void hasOneForm(String url, String form) {
        var address = WebAddress.parse(url).orElseThrow();
        assertThat(address).hasToString(form);
        assertThat(WebAddress.parse(form)).contains(address);
    }

    @Test
    void encodesControlCharacters() {
        assertThat(BASE.resolve("/a\u0001b\u007Fc")).map(WebAddress::toString).contains("http://a/a%01b%7Fc");
        assertThat(BASE.resolve("/a\n\tb")).map(WebAddress::toString).contains("http://a/ab");
        assertThat(BASE.resolve("/a\u0000")).map(WebAddress::toString).contains("http://a/a%00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mailto:a@b",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "ftp://a/b",
                "gopher://a:70/x",
                "jar:http://a/b!/c",
                "http://user:secret@a/b",
                "http://user@a/",
                "http://a@b@c/",
                "http://",
                "http:///x",
                "http://a:99999/",
                "http://a:0/",
                "http://a:x/",
                "http://a b/",
                "http://a%2fb/",
                "http://[::1/",
                "http://[::1]x/",
                "https:/a",
                "data:text/html,x",
            })
    void isNothingElse(String url) {
        assertThat(BASE.resolve(url)).isEmpty();
    }
}
