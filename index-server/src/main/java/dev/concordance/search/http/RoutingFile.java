package dev.concordance.search.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.access.Caller;
import dev.concordance.access.InvalidAccess;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Limits;
import dev.concordance.manifest.RoutingTable.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file with the routing table. A mounted ConfigMap changes by a link that is moved, and sometimes is being moved, so the
 * file is opened anew each time and compared by content.
 */
final class RoutingFile {
    private final Path file;
    private byte @Nullable [] seen;

    /** The table can't be used; the message says why. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    RoutingFile(Path file) {
        this.file = file;
    }

    /** The table if it has changed since the last call. */
    Optional<RoutingTable> change() throws Broken {
        var bytes = read();
        if (Arrays.equals(bytes, seen)) {
            return Optional.empty();
        }
        seen = bytes;
        return Optional.of(parse(bytes));
    }

    private byte[] read() throws Broken {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            seen = null;
            throw new Broken("the routing table can't be read: " + e);
        }
    }

    private static RoutingTable parse(byte[] bytes) throws Broken {
        RoutingTable table;
        try {
            table = ManifestJson.mapper().readValue(bytes, RoutingTable.class);
        } catch (JsonProcessingException e) {
            throw new Broken("the routing table is not as expected: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Broken("the routing table can't be read: " + e);
        }
        check(table);
        return table;
    }

    private static void check(@Nullable RoutingTable table) throws Broken {
        if (table == null) {
            throw new Broken("the routing table is empty");
        }
        if (table.anonymous() && !table.tokens().isEmpty()) {
            throw new Broken("the routing table has tokens and is for anyone: it must be one of the two");
        }
        check(table.limits());
        checkPrincipals(table);
        var names = new HashSet<String>();
        for (var route : table.routes()) {
            check(route);
            if (!names.add(route.namespace() + "/" + route.corpus())) {
                throw new Broken("the routing table has two routes to the corpus " + route.corpus());
            }
        }
    }

    private static void check(@Nullable Limits limits) throws Broken {
        if (limits == null
                || limits.maxK() < 1
                || limits.maxRequestBytes() < 1
                || limits.requestTimeoutMillis() < 1
                || limits.maxConcurrent() < 1) {
            throw new Broken("the routing table's limits must all be there and above 0");
        }
    }

    private static void checkPrincipals(RoutingTable table) throws Broken {
        for (var token : table.tokens()) {
            try {
                var unused = Caller.named(token.principals());
            } catch (InvalidAccess e) {
                throw new Broken("the token " + token.name() + ": " + e.explanation());
            }
        }
    }

    /** JSON that leaves a member out gives null, whatever the record's declaration says. */
    private static void check(Route route) throws Broken {
        for (var member : new @Nullable Object[] {
            route.namespace(), route.corpus(), route.alias(), route.elasticsearch(), route.retrieval()
        }) {
            if (member == null) {
                throw new Broken("a route lacks one of namespace, corpus, alias, elasticsearch, retrieval");
            }
        }
    }
}
