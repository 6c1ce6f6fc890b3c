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

/** Documents that are kept searchable: where they are, how they are cut and embedded, how fresh they must be. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("Corpus")
@Plural("corpora")
@Singular("corpus")
@ShortNames("cor")
@Categories("concordance")
public class Corpus extends CustomResource<CorpusSpec, CorpusStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
