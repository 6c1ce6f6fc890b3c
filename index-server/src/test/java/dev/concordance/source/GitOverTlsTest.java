package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.TestAuthority;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A git host with a certificate of an authority that only its own house trusts. */
class GitOverTlsTest {
    private static TestAuthority authority;

    @TempDir
    private Path folder;

    private TestRepository repository;
    private GitServer server;

    @BeforeAll
    static void certify(@TempDir Path keys) throws Exception {
        authority = TestAuthority.in(keys);
    }

    @BeforeEach
    void start() throws Exception {
        repository = TestRepository.create(folder.resolve("origin"));
        repository.commit(Map.of("a.md", "words"));
        server = GitServer.startSecured(authority.host(), folder.resolve("origin"), "docs");
    }

    @AfterEach
    void stop() {
        server.close();
        repository.close();
    }

    @Test
    void readsFromAHostWhoseAuthorityIsDeclared() throws Exception {
        assertThat(contents(server.url(), authority.pem())).containsExactly("words");
        assertThat(contents(server.url(), authority.otherPem() + authority.pem()))
                .containsExactly("words");
    }

    @Test
    void readsFromAHostWithoutTlsThoughAnAuthorityIsDeclared() throws Exception {
        try (var plain = GitServer.start(0, folder.resolve("origin"), "docs", null)) {
            assertThat(contents(plain.url(), authority.pem())).containsExactly("words");
        }
    }

    @Test
    void trustsNobodyElse() throws Exception {
        fails(server.url(), null, FailureReason.SourceUnreachable)
                .hasMessageContaining("isn't trusted: give its CA in git.caConfigMapRef");
        fails(server.url(), authority.otherPem(), FailureReason.SourceUnreachable)
                .hasMessageContaining("isn't trusted");
    }

    @Test
    void wantsTheCertificateToBeOfTheHostThatIsDeclared() throws Exception {
        var url = URI.create(server.url().toString().replace("127.0.0.1", "localhost"));
        fails(url, authority.pem(), FailureReason.SourceUnreachable)
                .hasMessageContaining("is another host's")
                .hasMessageContaining("localhost");
        try (var misnamed = GitServer.startSecured(authority.misnamed().host(), folder.resolve("origin"), "docs")) {
            fails(misnamed.url(), authority.pem(), FailureReason.SourceUnreachable)
                    .hasMessageContaining("is another host's: declare a name of the host");
        }
    }

    @Test
    void wantsTheCertificateToBeValidNow() throws Exception {
        try (var expired = GitServer.startSecured(authority.expired().host(), folder.resolve("origin"), "docs")) {
            fails(expired.url(), authority.pem(), FailureReason.SourceUnreachable)
                    .hasMessageContaining("has expired or isn't valid yet: have it renewed");
        }
    }

    @Test
    void saysThatTheConfigMapHoldsNoCertificate() throws Exception {
        for (var text : List.of("no certificate", "", authority.pem().replaceAll("[a-m]", "#"))) {
            fails(server.url(), text, FailureReason.SourceInvalid)
                    .hasMessageContaining("git.caConfigMapRef")
                    .hasMessageContaining("holds no PEM certificate");
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> fails(
            URI url, @Nullable String authorities, FailureReason reason) {
        return assertThatThrownBy(() -> contents(url, authorities))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private List<String> contents(URI url, @Nullable String authorities) throws Exception {
        var git = new SourceManifest.Git(url.toString(), "main", null, authorities);
        var declared = new SourceManifest("docs", git, List.of(), List.of(), null, null);
        var reading = new Reading(folder::resolve, folder.resolve("work"), 1 << 20, path -> false);
        try (var source = Sources.open(declared, reading)) {
            var entries = Listed.of(source).entries();
            source.fetch(entries.iterator());
            var contents = new ArrayList<String>();
            for (var entry : entries) {
                contents.add(Listed.text(source, entry));
            }
            return contents;
        }
    }
}
