package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Names a SearchCluster; in another namespace only if that SearchCluster's allowedNamespaces lists this one. */
public record ClusterReference(
        @JsonPropertyDescription("Name of the SearchCluster.")
        @Required
        @Size(min = 1, max = Rules.MAX_NAME)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
        @Nullable
        String name,

        @JsonPropertyDescription(
                "Namespace of the SearchCluster. Default: the Corpus's own. Another one works only if that"
                        + " SearchCluster lists the Corpus's namespace in spec.allowedNamespaces.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = Rules.LABEL, message = Rules.LABEL_MESSAGE)
        @Nullable
        String namespace) {}
