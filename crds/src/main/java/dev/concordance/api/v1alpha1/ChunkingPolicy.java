package dev.concordance.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** How documents are cut into chunks. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("ChunkingPolicy")
@Plural("chunkingpolicies")
@Singular("chunkingpolicy")
@ShortNames("chunk")
@Categories("concordance")
public class ChunkingPolicy extends CustomResource<ChunkingPolicySpec, ChunkingPolicyStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
