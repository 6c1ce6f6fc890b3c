package dev.concordance.operator.platform;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * Which manager owns which field is about a third of all that the caches would hold, and nobody here asks for it, so it is not read.
 * An object that is sent without it keeps what the API server knows.
 */
@Singleton
final class WithoutManagedFields implements KubernetesClientObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        mapper.addMixIn(ObjectMeta.class, Ignoring.class);
    }

    @JsonIgnoreProperties("managedFields")
    private interface Ignoring {}
}
