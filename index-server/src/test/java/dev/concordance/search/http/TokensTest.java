package dev.concordance.search.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.access.Caller;
import dev.concordance.endpoint.Problem;
import dev.concordance.endpoint.Tokens;
import dev.concordance.manifest.RoutingTable.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(folder.resolve("reader"), "s3cret\n");
        Files.writeString(folder.resolve("admin"), "all");
        Files.writeString(folder.resolve("own"), "own");
        Files.writeString(folder.resolve("empty"), " \n");
    }

    @Test
    void opensToEachTokenItsOwnCorpora() {
        var tokens = tokens(false);
        assertThat(Sender.of(tokens, "Bearer s3cret", "a", List.of()).name()).isEqualTo("reader");
        assertThat(Sender.of(tokens, "bearer  s3cret ", "b", List.of()).name()).isEqualTo("reader");
        assertThat(Sender.of(tokens, "Bearer all", "c", List.of()).name()).isEqualTo("admin");
        assertThat(status(tokens, "Bearer s3cret", "c")).isEqualTo(403);
        assertThat(tokens.opened("Bearer s3cret").test("a")).isTrue();
        assertThat(tokens.opened("Bearer s3cret").test("c")).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer wrong",
                "Bearer S3CRET",
                "Basic s3cret",
                "s3cret",
                "Bearer all x"
            })
    void knowsNobodyElse(@Nullable String authorization) {
        assertThat(status(tokens(false), authorization, "a")).isEqualTo(401);
        assertThatThrownBy(() -> tokens(false).opened(authorization)).isInstanceOf(Problem.class);
    }

    @Test
    void namesTokensWithoutAValueWhichOpenNothing() {
        assertThat(tokens(false).unreadable()).containsExactly("blank", "lost", "unmounted");
    }

    @Test
    void asksNobodyWhereAnyoneMaySearch() {
        var tokens = Tokens.read(true, List.of(), mount -> folder);
        assertThat(Sender.of(tokens, null, "a", List.of()).name()).isEqualTo("anonymous");
    }

    @Test
    void letsOnlyTrustedTokensSayAsWhomTheySearch() {
        var tokens = tokens(false);
        assertThat(Sender.of(tokens, "Bearer s3cret", "a", List.of()).caller()).isEqualTo(Caller.ANYONE);
        assertThat(status(tokens, "Bearer s3cret", "a", "user:alice")).isEqualTo(403);
        assertThat(status(tokens, "Bearer s3cret", "a", "")).isEqualTo(403);
        assertThat(status(tokens(true), null, "a", "user:alice")).isEqualTo(403);
        assertThat(status(tokens, "Bearer wrong", "a", "user:alice")).isEqualTo(401);
        assertThat(status(tokens, "Bearer own", "b", "user:alice")).isEqualTo(403);
        assertThat(Sender.of(tokens, "Bearer own", "a", List.of()).caller().principals())
                .containsExactly("everyone", "group:portal");
        assertThat(Sender.of(tokens, "Bearer own", "a", List.of("user:a, user:100%25", "user:K%C3%B6ln+", ""))
                        .caller()
                        .principals())
                .containsExactly("everyone", "user:100%", "user:Köln+", "user:a");
        assertThat(Sender.of(tokens, "Bearer own", "a", List.of(" ")).caller()).isEqualTo(Caller.ANYONE);
        for (var wrong : List.of(
                "alice",
                "user:a%2Cb",
                "user:a%2Cuser:b",
                "user:ü",
                "user:%zz",
                "user:%0d",
                "user:" + "a".repeat(300))) {
            assertThat(status(tokens, "Bearer own", "a", wrong)).as(wrong).isEqualTo(400);
        }
    }

    private Tokens tokens(boolean anonymous) {
        return Tokens.read(
                anonymous,
                anonymous
                        ? List.of()
                        : List.of(
                                new Token("portal", "tokens", "own", List.of("a"), List.of("group:portal"), true),
                                new Token("reader", "tokens", "reader", List.of("a", "b")),
                                new Token("admin", "tokens", "admin", List.of("*")),
                                new Token("blank", "tokens", "empty", List.of("*")),
                                new Token("lost", "tokens", "nowhere", List.of("*")),
                                new Token("unmounted", "other", "reader", List.of("*"))),
                mount -> {
                    if (!mount.equals("tokens")) {
                        throw new IllegalArgumentException("there is no mount " + mount);
                    }
                    return folder;
                });
    }

    private static int status(Tokens tokens, @Nullable String authorization, String corpus, String... named) {
        try {
            Sender.of(tokens, authorization, corpus, List.of(named));
            return 200;
        } catch (Problem e) {
            return e.status();
        }
    }
}
