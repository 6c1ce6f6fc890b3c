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

/** A search service over the corpora that it selects. */
@JsonClassDescription(
        "A search service over the corpora that it selects: a Deployment, a Service and, where the number of pods follows the load, an autoscaler, all of its name.")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$')",
        message =
                "name a query server with at most 63 lower-case letters, digits and dashes, with a letter first: its Service has the same name")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("QueryServer")
@Plural("queryservers")
@Singular("queryserver")
@ShortNames("qs")
@Categories("concordance")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Pods", type = INTEGER, jsonPath = ".status.replicas")
@AdditionalPrinterColumn(name = "Ready pods", type = INTEGER, jsonPath = ".status.readyReplicas")
@AdditionalPrinterColumn(name = "Corpora", type = INTEGER, jsonPath = ".status.corpora")
@AdditionalPrinterColumn(name = "URL", jsonPath = ".status.url")
@AdditionalPrinterColumn(name = "Age", type = DATE, jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public class QueryServer extends CustomResource<QueryServerSpec, QueryServerStatus> implements Namespaced {
    private static final long serialVersionUID = 1;
}
