package dev.concordance.localcluster.quickstart;

import dev.concordance.localcluster.Command;
import java.net.URI;
import java.util.List;
import java.util.function.Function;

/** A cluster to install into, and what is reachable from it. */
interface Site {
    /** kubectl for this cluster. */
    Command kubectl();

    /** Helm for this cluster. */
    Command helm();

    /** Values of the chart that hold here, as lines of YAML. */
    List<String> values();

    /** Elasticsearch as the cluster's pods reach it. */
    URI elasticsearch();

    /** The repository of the example as the cluster's pods reach it. */
    URI repository();

    /** Does something with the address under which this machine reaches a query server. */
    <T> T withQueryServer(String namespace, String name, Function<URI, T> use);

    /** What a person may try after the answer, line by line. */
    List<String> nextSteps();
}
