package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents that applications send to the corpus's inlet. */
@SchemaCustomizer(value = ListType.class, input = "tokens=map:name")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PushSource(
        @JsonPropertyDescription("Bearer tokens of those who may push and delete documents of this source, 1 to 16.")
        @Required
        @Size(min = 1, max = MAX_TOKENS)
        @Nullable
        List<Token> tokens)
        implements CorpusSource.Place {
    static final int MAX_TOKENS = 16;

    /** A bearer token. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Token(
            @JsonPropertyDescription(
                    "Name of the token, unique here; appears in logs instead of its value. Example: helpdesk")
            @Required
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = Rules.LABEL, message = Rules.LABEL_MESSAGE)
            @Nullable
            String name,

            @JsonPropertyDescription(
                    "Key of a Secret with the token's value; read again when it changes. Default key: token.")
            @Required
            @Nullable
            KeyReference secretRef) {}
}
