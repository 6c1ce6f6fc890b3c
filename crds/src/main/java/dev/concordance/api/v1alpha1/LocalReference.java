package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Names an object in the same namespace. */
public record LocalReference(
        @JsonPropertyDescription("Name of the object, in the same namespace.")
        @Required
        @Size(min = 1, max = Rules.MAX_NAME)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
        @Nullable
        String name) {}
