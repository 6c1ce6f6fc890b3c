package dev.concordance.source.http;

import java.net.IDN;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An http or https URL in the one form that all its spellings have (RFC 3986, 6.2.2 and 6.2.3): scheme and host in lower case,
 * no port where it is the scheme's own, no dot segments, as few characters encoded as possible, no fragment. None has
 * credentials in it.
 *
 * @param host a name in its ASCII form, an IPv4 address, or an IPv6 address in brackets
 * @param path begins with a slash
 * @param query without its question mark; null: there is none
 */
public record WebAddress(
        String scheme,
        String host,
        int port,
        String path,
        @Nullable String query) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MOST_PORT = 65_535;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][-+.A-Za-z0-9]*:");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)(https?)://([^/?\\\\]*)(.*)", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]@]+)(?::([0-9]{0,5}))?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]([-._a-z0-9]*[a-z0-9_])?");

    /** What an absolute URL says; nothing if it isn't one of these. */
    public static Optional<WebAddress> parse(String url) {
        var absolute = ABSOLUTE.matcher(Percent.withoutBreaks(url));
        if (!absolute.matches()) {
            return Optional.empty();
        }
        var scheme = absolute.group(1).toLowerCase(Locale.ROOT);
        var authority = AUTHORITY.matcher(absolute.group(2));
        if (!authority.matches()) {
            return Optional.empty();
        }
        var host = host(authority.group(1));
        var port = port(scheme, authority.group(2));
        if (host == null || port < 1 || port > MOST_PORT) {
            return Optional.empty();
        }
        return Optional.of(of(scheme, host, port, absolute.group(3)));
    }

    /** What a reference on the page at this address leads to (RFC 3986, 5.2.2); nothing if it isn't one of these. */
    public Optional<WebAddress> resolve(String reference) {
        var given = Percent.withoutBreaks(reference);
        var fragment = given.indexOf('#');
        var target = fragment < 0 ? given : given.substring(0, fragment);
        if (SCHEME.matcher(target).lookingAt()) {
            return parse(target);
        }
        if (target.startsWith("//")) {
            return parse(scheme + ":" + target);
        }
        if (target.isEmpty()) {
            return Optional.of(this);
        }
        return Optional.of(of(
                scheme,
                host,
                port,
                switch (target.charAt(0)) {
                    case '/' -> target;
                    case '?' -> path + target;
                    default -> path.substring(0, path.lastIndexOf('/') + 1) + target;
                }));
    }

    /** The host, with the port where it isn't the scheme's own. */
    public String authority() {
        return port == (scheme.equals("https") ? HTTPS : HTTP) ? host : host + ":" + port;
    }

    /** Scheme and authority. */
    public String origin() {
        return scheme + "://" + authority();
    }

    /** Path and query, as a request has them. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }

    /** The same over https. */
    public WebAddress secured() {
        return new WebAddress("https", host, port == HTTP ? HTTPS : port, path, query);
    }

    @Override
    public String toString() {
        return origin() + target();
    }

    private static WebAddress of(String scheme, String host, int port, String target) {
        var fragment = target.indexOf('#');
        var whole = fragment < 0 ? target : target.substring(0, fragment);
        var mark = whole.indexOf('?');
        var path = mark < 0 ? whole : whole.substring(0, mark);
        var query = mark < 0 || mark == whole.length() - 1 ? null : Percent.normalized(whole.substring(mark + 1), true);
        return new WebAddress(scheme, host, port, withoutDots(Percent.normalized(path, false)), query);
    }

    /** RFC 3986, 5.2.4. */
    private static String withoutDots(String path) {
        var kept = new ArrayDeque<String>();
        var segments = path.startsWith("/") ? path.substring(1).split("/", -1) : path.split("/", -1);
        for (var i = 0; i < segments.length; i++) {
            var isLast = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> addEmpty(kept, isLast);
                case ".." -> {
                    kept.pollLast();
                    addEmpty(kept, isLast);
                }
                default -> kept.add(segments[i]);
            }
        }
        return "/" + String.join("/", kept);
    }

    private static void addEmpty(ArrayDeque<String> kept, boolean isLast) {
        if (isLast) {
            kept.add("");
        }
    }

    private static @Nullable String host(String given) {
        if (given.startsWith("[")) {
            return given.toLowerCase(Locale.ROOT);
        }
        try {
            var name = IDN.toASCII(given, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            var host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            return NAME.matcher(host).matches() ? host : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int port(String scheme, @Nullable String given) {
        if (given == null || given.isEmpty()) {
            return scheme.equals("https") ? HTTPS : HTTP;
        }
        return Integer.parseInt(given);
    }
}
