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

/** One sync of a corpus. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("IngestionRun")
@Plural("ingestionruns")
@Singular("ingestionrun")
@ShortNames("run")
@Categories("concordance")
public class IngestionRun extends CustomResource<IngestionRunSpec, IngestionRunStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
