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

/** Documents that are kept searchable: where they are, how they are cut and embedded, how fresh they must be. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("Corpus")
@Plural("corpora")
@Singular("corpus")
@ShortNames("cor")
@Categories("concordance")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Generation", type = INTEGER, jsonPath = ".status.serving.generation")
@AdditionalPrinterColumn(name = "Docs", type = INTEGER, jsonPath = ".status.serving.documents")
@AdditionalPrinterColumn(name = "Chunks", type = INTEGER, jsonPath = ".status.serving.chunks")
@AdditionalPrinterColumn(name = "Fresh as of", jsonPath = ".status.freshness.freshAsOf")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Age", type = DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Quarantined", type = INTEGER, jsonPath = ".status.serving.quarantined", priority = 1)
@AdditionalPrinterColumn(name = "Candidate", type = INTEGER, jsonPath = ".status.candidate.generation", priority = 1)
@AdditionalPrinterColumn(name = "Next run", jsonPath = ".status.freshness.nextRun", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public class Corpus extends CustomResource<CorpusSpec, CorpusStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
