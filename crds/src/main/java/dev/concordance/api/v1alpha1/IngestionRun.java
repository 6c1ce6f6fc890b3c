package dev.concordance.api.v1alpha1;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;

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

/** One sync of a corpus. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("IngestionRun")
@Plural("ingestionruns")
@Singular("ingestionrun")
@ShortNames("run")
@Categories("concordance")
@AdditionalPrinterColumn(name = "Corpus", jsonPath = ".spec.corpusRef.name")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Generation", type = INTEGER, jsonPath = ".status.generation")
@AdditionalPrinterColumn(name = "Listed", type = INTEGER, jsonPath = ".status.documents.listed")
@AdditionalPrinterColumn(name = "Pending", type = INTEGER, jsonPath = ".status.documents.pending")
@AdditionalPrinterColumn(name = "Chunks", type = INTEGER, jsonPath = ".status.chunks.written")
@AdditionalPrinterColumn(name = "Embedded", type = INTEGER, jsonPath = ".status.chunks.embedded")
@AdditionalPrinterColumn(name = "Age", type = DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.mode", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public class IngestionRun extends CustomResource<IngestionRunSpec, IngestionRunStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
