package dev.concordance.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What has been released keeps working: no field goes, and nothing that was accepted is refused. The released definitions
 * are in {@code crds/src/test/resources/released}; docs/api-changes.md says when they are renewed, and what to do about a
 * change that this test wrongly takes for a break.
 */
class CompatibilityTest {
    private static final String RENEW = "./mvnw -q -pl crds test -Dtest=CompatibilityTest -Drelease=true";
    private static final Path RELEASED =
            Path.of(System.getProperty("concordance.root")).resolve("crds/src/test/resources/released");
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void keepsWhatWasReleased() throws IOException {
        if (Boolean.getBoolean("release")) {
            renew();
        }
        var current = new TreeMap<String, CustomResourceDefinition>();
        CrdGenerator.definitions()
                .values()
                .forEach(definition -> current.put(definition.getMetadata().getName(), definition));
        var accepted = Files.readAllLines(RELEASED.resolve("accepted.txt"));
        var breaks = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(RELEASED, "*.yaml")) {
            for (var file : files) {
                var released = YAML.readValue(file.toFile(), CustomResourceDefinition.class);
                var name = released.getMetadata().getName();
                if (current.containsKey(name)) {
                    breaks.addAll(Compatibility.breaks(released, current.get(name)));
                } else {
                    breaks.add(name + ": the kind is gone");
                }
            }
        }
        breaks.removeAll(accepted);
        assertThat(breaks)
                .as("what has been released would not work any more; docs/api-changes.md says what to do")
                .isEmpty();
        assertThat(accepted)
                .as("released/accepted.txt lists sentences of this test; after a release (%s) it is empty", RENEW)
                .doesNotContain("");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            {type: string}                             | {type: integer}                              | x: the type is integer now, and was string
            {properties: {a: {type: string}}}          | {properties: {}}                             | x.a: is gone
            {properties: {a: {type: string}}}          | {properties: {a: {type: string}}, required: [a]} | x.a: is required now
            {maximum: 10}                              | {maximum: 9}                                 | x: maximum is 9 now, and was 10
            {type: integer}                            | {type: integer, maximum: 9}                  | x: maximum is 9 now, and was unbounded
            {minimum: 1}                               | {minimum: 2}                                 | x: minimum is 2 now, and was 1
            {maxLength: 10}                            | {maxLength: 9}                               | x: maxLength is 9 now, and was 10
            {minLength: 0}                             | {minLength: 1}                               | x: minLength is 1 now, and was 0
            {maxItems: 10}                             | {maxItems: 9}                                | x: maxItems is 9 now, and was 10
            {maxProperties: 10}                        | {maxProperties: 9}                           | x: maxProperties is 9 now, and was 10
            {type: string}                             | {type: string, pattern: a}                   | x: the pattern is a now, and was null
            {pattern: "[ab]"}                          | {pattern: a}                                 | x: the pattern is a now, and was [ab]
            {enum: [a, b]}                             | {enum: [a]}                                  | x: the value "b" is gone
            {type: string}                             | {type: string, enum: [a]}                    | x: only takes listed values now: ["a"]
            {default: 1}                               | {default: 2}                                 | x: the default is 2 now, and was 1
            {nullable: true}                           | {nullable: false}                            | x: does not take null any more
            {x-kubernetes-list-type: map}              | {x-kubernetes-list-type: atomic}             | x: the kind of list is atomic now, and was map
            {x-kubernetes-validations: [{rule: a}]}    | {x-kubernetes-validations: [{rule: a}, {rule: b}]} | x: has a new rule: b
            {x-kubernetes-validations: [{rule: a}]}    | {x-kubernetes-validations: [{rule: c}]}      | x: has a new rule: c
            {items: {maxLength: 2}}                    | {items: {maxLength: 1}}                      | x[]: maxLength is 1 now, and was 2
            {additionalProperties: {maxLength: 2}}     | {additionalProperties: {maxLength: 1}}       | x{}: maxLength is 1 now, and was 2
            {x-kubernetes-int-or-string: true}         | {type: string}                               | x: the type is string now, and was null
            {x-kubernetes-preserve-unknown-fields: true} | {x-kubernetes-preserve-unknown-fields: false} | x: does not take unknown fields any more
            """)
    void saysWhatBreaks(String before, String after, String sentence) throws IOException {
        assertThat(Compatibility.breaks("x", schema(before), schema(after))).contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {properties: {a: {type: string}}}          | {properties: {a: {type: string}, b: {type: object, required: [c]}}}
            {maximum: 10, maxLength: 5, minimum: 3}    | {maximum: 11, maxLength: 6, minimum: 2}
            {maximum: 10, pattern: a}                  | {type: null}
            {required: [a]}                            | {required: []}
            {enum: [a]}                                | {enum: [a, b]}
            {x-kubernetes-validations: [{rule: a, message: m}]} | {x-kubernetes-validations: [{rule: a, message: another}]}
            {x-kubernetes-validations: [{rule: a}]}    | {x-kubernetes-validations: []}
            {description: a}                           | {description: b, default: 1}
            """)
    void letsAdditionsPass(String before, String after) throws IOException {
        assertThat(Compatibility.breaks("x", schema(before), schema(after))).isEmpty();
    }

    @Test
    void saysWhichVersionSubresourceOrNameIsGone() {
        var before = CrdGenerator.definitions().get("QueryServer");
        var after = CrdGenerator.definitions().get("QueryServer");
        after.getSpec().getNames().setShortNames(List.of());
        after.getSpec().getVersions().getFirst().setSubresources(null);
        assertThat(Compatibility.breaks(before, after))
                .contains("QueryServer: the short name qs is gone", "QueryServer: the subresource status is gone")
                .anyMatch(sentence -> sentence.startsWith("QueryServer: the subresource scale is null now"));

        after.getSpec().getVersions().getFirst().setServed(false);
        assertThat(Compatibility.breaks(before, after))
                .contains("QueryServer: the version v1alpha1 is not served any more");
    }

    private static JSONSchemaProps schema(String yaml) throws IOException {
        return YAML.readValue(yaml, JSONSchemaProps.class);
    }

    private static void renew() throws IOException {
        for (Map.Entry<String, String> file : CrdGenerator.files().entrySet()) {
            Files.writeString(RELEASED.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(RELEASED.resolve("accepted.txt"), "");
    }
}
