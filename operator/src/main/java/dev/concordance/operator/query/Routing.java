package dev.concordance.operator.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.model.DeclaredModel;
import dev.concordance.operator.query.QueryObservation.SeenCorpus;
import dev.concordance.operator.workload.Mount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A routing table and the mounts that it calls by name: {@code elasticsearch-SECRET}, {@code tokens-SECRET}, {@code
 * model-CLAIM} and {@code embedding-SECRET}. A table tells which mounts it needs, so that one that was written earlier does so too.
 */
record Routing(RoutingTable table, List<Mount> mounts) {
    private static final String ELASTICSEARCH = "elasticsearch-";
    private static final String TOKENS = "tokens-";

    Routing {
        mounts = List.copyOf(mounts);
    }

    /** The name of the mount that has the credentials of this Secret. */
    static String elasticsearch(String secret) {
        return ELASTICSEARCH + secret;
    }

    /**
     * The table for what is declared and seen.
     *
     * @param available whether a mount's object exists
     */
    static Routing of(
            QueryDeclaration declared,
            List<SeenCorpus> corpora,
            Optional<RoutingTable> before,
            Predicate<Mount> available,
            Predicate<Mount> mounted) {
        var tokens = declared.tokens().stream()
                .map(token -> new RoutingTable.Token(
                        token.name(),
                        TOKENS + token.secret(),
                        token.key(),
                        token.corpora(),
                        token.principals(),
                        token.delegates()))
                .filter(token -> available.test(mount(token)))
                .toList();
        var routes = corpora.stream()
                .flatMap(corpus -> route(corpus, before).stream())
                .filter(route -> mounts(route).allMatch(available.or(mounted)))
                .sorted(Comparator.comparing(RoutingTable.Route::namespace).thenComparing(RoutingTable.Route::corpus))
                .toList();
        var table = new RoutingTable(declared.anonymous(), tokens, routes, declared.limits());
        return new Routing(table, mounts(table));
    }

    /** Everything that all declared tokens and routes would have mounted. */
    static List<Mount> wanted(QueryDeclaration declared, List<SeenCorpus> corpora, Optional<RoutingTable> before) {
        return of(declared, corpora, before, mount -> true, mount -> true).mounts();
    }

    /** The table as the pods read it. */
    String json() {
        try {
            return ManifestJson.mapper().writeValueAsString(table);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a routing table is always JSON", e);
        }
    }

    /** What a mount mounts. */
    static Reference reference(String namespace, Mount mount) {
        return switch (mount) {
            case Mount.OfSecret(var name, var secret) -> Reference.secret(namespace, secret);
            case Mount.OfConfigMap(var name, var configMap) -> Reference.configMap(namespace, configMap);
            case Mount.OfClaim(var name, var claim) -> Reference.claim(namespace, claim);
        };
    }

    private static Optional<RoutingTable.Route> route(SeenCorpus corpus, Optional<RoutingTable> before) {
        return switch (corpus) {
            case SeenCorpus.Routable(var route) -> Optional.of(route);
            case SeenCorpus.NotServed notServed -> Optional.empty();
            case SeenCorpus.Unknown(var name, var access, var tombstones) ->
                before.map(RoutingTable::routes).orElse(List.of()).stream()
                        .filter(route -> route.corpus().equals(name))
                        .map(route -> route.without(tombstones))
                        .map(route -> access.map(route::with).orElse(route))
                        .findFirst();
        };
    }

    private static List<Mount> mounts(RoutingTable table) {
        Map<String, Mount> mounts = new LinkedHashMap<>();
        Stream.concat(
                        table.routes().stream().flatMap(Routing::mounts),
                        table.tokens().stream().map(Routing::mount))
                .sorted(Comparator.comparing(Mount::name))
                .forEach(mount -> mounts.putIfAbsent(mount.name(), mount));
        return List.copyOf(mounts.values());
    }

    private static Mount mount(RoutingTable.Token token) {
        return new Mount.OfSecret(token.mount(), token.mount().substring(TOKENS.length()));
    }

    private static Stream<Mount> mounts(RoutingTable.Route route) {
        var mounts = new ArrayList<Mount>();
        var credentials = route.elasticsearch().credentialsMount();
        if (credentials != null) {
            mounts.add(new Mount.OfSecret(credentials, credentials.substring(ELASTICSEARCH.length())));
        }
        for (var model : route.models()) {
            DeclaredModel.claims(model)
                    .forEach(claim -> mounts.add(new Mount.OfClaim(DeclaredModel.mount(claim), claim)));
            DeclaredModel.secret(model)
                    .ifPresent(secret -> mounts.add(new Mount.OfSecret(DeclaredModel.secretMount(secret), secret)));
        }
        return mounts.stream();
    }
}
