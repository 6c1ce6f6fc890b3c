package dev.concordance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The file that says by path who may see a document. */
class AccessRulesTest {
    private static final String FILE = """
            # who may see what
            rules:
              - paths: "**"
                principals: group:staff
              - paths: [hr/**, legal/**]
                principals: [group:hr, user:ceo]
              - paths: hr/public/*
                principals: everyone
              - paths: drafts/**
                principals: []
            """;

    @Test
    void letsTheLastRuleThatMatchesCount() throws Exception {
        var rules = parse(FILE);
        assertThat(rules.of("a.md").principals()).containsExactly("group:staff");
        assertThat(rules.of("hr/salaries.md").principals()).containsExactly("group:hr", "user:ceo");
        assertThat(rules.of("hr/public/holidays.md").principals()).containsExactly("everyone");
        assertThat(rules.of("hr/public/old/holidays.md").principals()).containsExactly("group:hr", "user:ceo");
        assertThat(rules.of("HR/salaries.md").principals()).containsExactly("group:staff");
        assertThat(rules.of("drafts/a.md")).isEqualTo(new Acl(java.util.List.of(), null));
    }

    @Test
    void letsNobodySeeWhatNoRuleIsAbout() throws Exception {
        var acl = parse("rules: [{paths: docs/**, principals: everyone}]").of("other/a.md");
        assertThat(acl.principals()).isEmpty();
        assertThat(acl.problem()).contains("no rule");
    }

    @Test
    void tellsChangesByItsDigest() throws Exception {
        assertThat(parse(FILE).digest()).isEqualTo(parse(FILE).digest());
        assertThat(parse(FILE.replace("group:staff", "group:all")).digest())
                .isNotEqualTo(parse(FILE).digest());
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("", "empty"),
                Arguments.of("rules: [", "YAML"),
                Arguments.of("rules: []", "1 to 1000 rules"),
                Arguments.of("[]", "rules:"),
                Arguments.of("rule: [{paths: a, principals: everyone}]", "rules:"),
                Arguments.of("rules: [{paths: a, principals: everyone}]\nother: 1", "rules:"),
                Arguments.of("rules: [{path: a, principals: everyone}]", "rule 1: write paths and principals"),
                Arguments.of("rules: [{paths: a}]", "rule 1"),
                Arguments.of("rules: [{paths: a, principals: everyone, more: 1}]", "nothing else"),
                Arguments.of(
                        "rules: [{paths: a, principals: everyone}, {paths: b, principals: alice}]",
                        "rule 2: \"alice\""),
                Arguments.of("rules: [{paths: a, principals: }]", "write []"),
                Arguments.of("rules: [{paths: a, principals: 7}]", "rule 1"),
                Arguments.of("rules: [{paths: a, principals: [user: a]}]", "without a space"),
                Arguments.of("rules: [{paths: , principals: everyone}]", "paths is empty"),
                Arguments.of("rules: [{paths: [], principals: everyone}]", "paths is empty"),
                Arguments.of("rules: [{paths: /a, principals: everyone}]", "leading /"),
                Arguments.of("rules: [{paths: './a', principals: everyone}]", "leading /"),
                Arguments.of("rules: [{paths: '{a,b}', principals: everyone}]", "braces"),
                Arguments.of("rules: [{paths: " + "a".repeat(300) + ", principals: everyone}]", "256"),
                Arguments.of("rules: [{paths: a, paths: b, principals: everyone}]", "twice"),
                Arguments.of("rules: [{paths: a, principals: \"*\"}]", "\"*\" is no principal"),
                Arguments.of("rules:\n" + "- {paths: a, principals: everyone}\n".repeat(1_001), "1000"),
                Arguments.of("rules: [{paths: [" + "a,".repeat(2_001) + "], principals: everyone}]", "2000 paths"),
                Arguments.of("# " + "x".repeat(AccessRules.LARGEST) + "\n" + FILE, "bytes"),
                Arguments.of(bomb(), "aliases"),
                Arguments.of("[".repeat(100_000), "YAML"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void isNoneAtAllIfAnythingOfItIsNotUnderstood(String file, String said) {
        assertThatThrownBy(() -> parse(file)).isInstanceOf(InvalidAccess.class).hasMessageContaining(said);
    }

    @Test
    void isNoneIfItIsNotText() {
        assertThatThrownBy(() -> AccessRules.parse(new byte[] {'r', (byte) 0xff}, AccessRulesTest::glob))
                .isInstanceOf(InvalidAccess.class)
                .hasMessageContaining("UTF-8");
    }

    private static AccessRules parse(String file) throws InvalidAccess {
        return AccessRules.parse(file.getBytes(StandardCharsets.UTF_8), AccessRulesTest::glob);
    }

    /** Few bytes that stand for a billion strings. */
    private static String bomb() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d,".formatted(i - 1).repeat(10))
                    .append("]\n");
        }
        return bomb.append("rules: *a9\n").toString();
    }

    private static Predicate<String> glob(String glob) {
        var pattern = Pattern.compile(Pattern.quote(glob)
                .replace("**", "\\E.<>\\Q")
                .replace("*", "\\E[^/]*\\Q")
                .replace("<>", "*"));
        return path -> pattern.matcher(path).matches();
    }
}
