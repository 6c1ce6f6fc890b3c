package dev.concordance.api.v1alpha1;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
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
@JsonClassDescription(
        "Documents that are kept searchable: names their sources, how they are cut and embedded, the cluster that holds the index, and how fresh answers have to be. The index is kept in step with the sources, and a change of declaration never takes the live index away before its successor is complete.")
@ValidationRule(
        value = "self.metadata.name.size() <= 40",
        message = "name a corpus with at most 40 characters: names that are derived from it have to fit 63")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
        message = "name a corpus with lower-case letters, digits and dashes, without dots")
@ValidationRule(
        value = "!self.metadata.name.matches('-(g[0-9]+(-manifest)?|ledger)$')",
        message =
                "choose a name that doesn't end in -g1, -g1-manifest, -ledger or the like: the indexes of other corpora are named so")
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
@AdditionalPrinterColumn(name = "Staleness", type = DATE, jsonPath = ".status.freshness.freshAsOf")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Age", type = DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Quarantined", type = INTEGER, jsonPath = ".status.serving.quarantined", priority = 1)
@AdditionalPrinterColumn(name = "Candidate", type = INTEGER, jsonPath = ".status.candidate.generation", priority = 1)
@AdditionalPrinterColumn(name = "Next run", jsonPath = ".status.freshness.nextRun", priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public class Corpus extends CustomResource<CorpusSpec, CorpusStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
