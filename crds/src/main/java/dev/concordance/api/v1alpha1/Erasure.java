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
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Documents that a corpus must not hold. */
@JsonClassDescription(
        "Documents that a Corpus must not hold: they are taken out of all its indexes, proved to be gone, and kept out,"
                + " whatever its sources say, for as long as the Erasure exists.")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$')",
        message =
                "name an Erasure with at most 40 lower-case letters, digits and dashes, without dots: names that are derived from it have to fit 63")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("Erasure")
@Plural("erasures")
@Singular("erasure")
@Categories("concordance")
@AdditionalPrinterColumn(name = "Corpus", jsonPath = ".spec.corpusRef.name")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Complete", jsonPath = ".status.conditions[?(@.type==\"Complete\")].status")
@AdditionalPrinterColumn(name = "Documents", type = INTEGER, jsonPath = ".status.documents")
@AdditionalPrinterColumn(name = "Verified", type = DATE, jsonPath = ".status.verification.at")
@AdditionalPrinterColumn(name = "Age", type = DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public class Erasure extends CustomResource<ErasureSpec, ErasureStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
