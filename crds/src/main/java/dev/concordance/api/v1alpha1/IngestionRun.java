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

/** One sync of a corpus. */
@JsonClassDescription(
        "One sync of a Corpus with its sources. The operator creates runs as freshness demands; create one to sync now.")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,54}[a-z0-9])?$')",
        message =
                "name a run with at most 56 lower-case letters, digits and dashes, without dots: names that are derived from it have to fit 63")
@ValidationRule(
        value = "!self.metadata.name.matches('-[0-9]{10,}$')",
        message = "choose a name that doesn't end in a dash and ten or more digits: the operator numbers its runs so")
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
