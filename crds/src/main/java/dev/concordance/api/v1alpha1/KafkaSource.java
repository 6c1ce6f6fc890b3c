package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The latest records of a topic's keys. */
@SchemaCustomizer(value = ListType.class, input = "bootstrapServers=set")
@ValidationRule(
        value = "!has(self.caConfigMapRef) || !has(self.tls) || self.tls == 'Verify'",
        message = "caConfigMapRef is only of use with tls: Verify: write that, or take it out",
        fieldPath = ".caConfigMapRef")
@ValidationRule(
        value = "!has(self.mechanism) || has(self.credentialsSecretRef)",
        message = "mechanism is only of use with credentialsSecretRef: name a Secret, or take it out",
        fieldPath = ".mechanism")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KafkaSource(
        @JsonPropertyDescription(
                "Brokers that are asked first, 1 to 16, each a name or IPv4 address with a port; the others are learnt"
                        + " from them. Example: [\"kafka-0.kafka.svc:9093\", \"kafka-1.kafka.svc:9093\"]")
        @Required
        @Size(min = 1, max = MAX_BROKERS)
        @ValidationRule(value = BROKERS, message = "write each broker as host:port, such as kafka-0.kafka.svc:9093")
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_FIELD) String> bootstrapServers,

        @JsonPropertyDescription(
                "Topic that keeps the last record of each key (cleanup.policy=compact). The key is the document's id,"
                        + " the value the document; a record without a value deletes it. Example: articles")
        @Required
        @Size(min = 1, max = MAX_TOPIC)
        @ValidationRule(
                value = "self.matches('^[-._a-zA-Z0-9]+$') && self != '.' && self != '..'",
                message = "write the name of a topic: letters, digits, dots, dashes and underscores")
        @Nullable
        String topic,

        @JsonPropertyDescription(
                "Secret with username and password (SASL) of a user who may read the topic and its settings, and needs"
                        + " nothing else. Default: none, the brokers let everybody read.")
        @Nullable
        LocalReference credentialsSecretRef,

        @JsonPropertyDescription(
                "How the password is proved: ScramSha512, ScramSha256 or Plain, which sends it; only with"
                        + " credentialsSecretRef. Default: ScramSha512.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(
                value = "self in ['ScramSha512', 'ScramSha256', 'Plain']",
                message = "write ScramSha512, ScramSha256 or Plain")
        @Nullable
        String mechanism,

        @JsonPropertyDescription(
                "Verify: the connection is encrypted, and certificate and name of each broker are checked. Disabled:"
                        + " neither, where nobody can listen. Default: Verify.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['Verify', 'Disabled']", message = "write Verify or Disabled")
        @Nullable
        String tls,

        @JsonPropertyDescription(
                "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's; only with"
                        + " tls: Verify. Default key: ca.crt.")
        @Nullable
        KeyReference caConfigMapRef,

        @JsonPropertyDescription("How values are made of JSON objects. Default: none, the value itself is the content.")
        @Nullable
        Json json,

        @JsonPropertyDescription("What the content is written in: text, markdown or html. Default: text.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['text', 'markdown', 'html']", message = "write text, markdown or html")
        @Nullable
        String format)
        implements CorpusSource.Place {
    static final int MAX_BROKERS = 16;
    static final int MAX_TOPIC = 249;
    static final String BROKERS =
            "self.all(broker, broker.matches('^[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?:[1-9][0-9]{0,4}$'))";

    /** Where in a JSON object the parts of a document are. */
    @SchemaCustomizer(value = ListType.class, input = "metadataFields=set")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Json(
            @JsonPropertyDescription("Field with the content. Default: content.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String contentField,

            @JsonPropertyDescription("Field with the title. Default: none, the content's own or the id.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String titleField,

            @JsonPropertyDescription("Field with the URI; where it is missing, uriTemplate holds. Default: none.")
            @Size(min = 1, max = Rules.MAX_FIELD)
            @Nullable
            String uriField,

            @JsonPropertyDescription(
                    "Fields to take over as metadata, at most 64. Default: those of the object under the field"
                            + " metadata, where there is one.")
            @Size(max = CorpusSpec.MAX_METADATA)
            @Nullable
            List<@Size(min = 1, max = Rules.MAX_FIELD) String> metadataFields) {}
}
