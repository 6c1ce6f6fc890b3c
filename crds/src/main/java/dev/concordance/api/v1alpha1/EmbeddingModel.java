package dev.concordance.api.v1alpha1;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A model that turns text into vectors. */
@JsonClassDescription("A model that turns texts into vectors. Corpora refer to it by name.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("EmbeddingModel")
@Plural("embeddingmodels")
@Singular("embeddingmodel")
@ShortNames("emb")
@Categories("concordance")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Dimensions", type = INTEGER, jsonPath = ".status.dimensions")
@AdditionalPrinterColumn(name = "Digest", jsonPath = ".status.digest")
@AdditionalPrinterColumn(name = "Age", type = DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public class EmbeddingModel extends CustomResource<EmbeddingModelSpec, EmbeddingModelStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
