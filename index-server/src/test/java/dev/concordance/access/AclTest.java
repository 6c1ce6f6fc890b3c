package dev.concordance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What documents and callers say of principals. */
class AclTest {
    static Stream<Arguments> understood() {
        return Stream.of(
                Arguments.of("user:alice", List.of("user:alice")),
                Arguments.of(" group:staff , user:bob,user:bob", List.of("group:staff", "user:bob")),
                Arguments.of(
                        List.of("user:bob", "everyone", "user:alice "), List.of("everyone", "user:alice", "user:bob")),
                Arguments.of("User:alice, user:Alice", List.of("User:alice", "user:Alice")),
                Arguments.of("group:Alle Mitarbeiter (Köln)", List.of("group:Alle Mitarbeiter (Köln)")),
                Arguments.of("arn:aws:iam::1:role/x", List.of("arn:aws:iam::1:role/x")),
                Arguments.of("", List.of()),
                Arguments.of(List.of(), List.of()));
    }

    @ParameterizedTest
    @MethodSource("understood")
    void takesNamesAndListsOfNames(Object value, List<String> principals) {
        assertThat(Acl.of("access", value)).isEqualTo(new Acl(principals, null));
    }

    static Stream<Object> notUnderstood() {
        return Stream.of(
                "alice",
                "*",
                "user:",
                "user:alice,",
                ":alice",
                "1:alice",
                "[\"user:alice\"]",
                "user:a\u0000b",
                "user:\ud800",
                "user:" + "a".repeat(300),
                7,
                true,
                Map.of("user", "alice"),
                List.of(Map.of("user", "alice")),
                List.of("user:alice", 7),
                Collections.nCopies(1_001, "user:alice"),
                List.of("user:alice", "no principal"));
    }

    @ParameterizedTest
    @MethodSource("notUnderstood")
    void letsNobodyInByWhatIsNotUnderstoodAsAWhole(Object value) {
        var acl = Acl.of("access", value);
        assertThat(acl.principals()).isEmpty();
        assertThat(acl.problem()).contains("access").doesNotContain("\u0000");
    }

    @Test
    void quotesNothingOfWhatADocumentSays() {
        for (var value : List.of("jane.roe@example.org", List.of("user:bob", "jane.roe@example.org"))) {
            assertThat(Acl.of("access", value).problem())
                    .isEqualTo(
                            "its field access says nobody who may see it: a name in it is no principal: write everyone,"
                                    + " or a kind, a colon and a name, such as user:alice or group:staff, at most 256 characters");
        }
    }

    @Test
    void letsNobodyInWhereNothingIsSaid() {
        assertThat(Acl.of("readers", null).principals()).isEmpty();
        assertThat(Acl.of("readers", null).problem()).contains("readers");
    }

    @Test
    void tellsListsApartByTheirDigests() {
        var some = Acl.of("access", "user:a, user:b").digest();
        assertThat(Acl.of("access", List.of("user:b", "user:a")).digest()).isEqualTo(some);
        assertThat(Stream.of("user:a", "user:a, user:B", "", "nonsense", "user:a, user:b, everyone")
                        .map(value -> Acl.of("access", value).digest())
                        .distinct())
                .hasSize(4)
                .doesNotContain(some);
    }

    @Test
    void countsEveryCallerAsEveryone() throws Exception {
        assertThat(Caller.ANYONE.principals()).containsExactly("everyone");
        assertThat(Caller.named(List.of()).principals()).containsExactly("everyone");
        assertThat(Caller.named(List.of("user:b", "group:a", "user:b")).principals())
                .containsExactly("everyone", "group:a", "user:b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "user:a,,user:b", "*"})
    void takesNoCallerOfAnotherForm(String name) {
        assertThatThrownBy(() -> Caller.named(List.of(name)))
                .isInstanceOf(InvalidAccess.class)
                .hasMessageContaining("user:alice");
    }
}
