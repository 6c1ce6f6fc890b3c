package dev.concordance.operator.kube;

import dev.concordance.api.v1alpha1.Api;
import java.util.LinkedHashMap;
import java.util.Map;

/** Labels and annotations of what the operator creates. */
public final class Labels {
    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String COMPONENT = "app.kubernetes.io/component";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String PART_OF = "app.kubernetes.io/part-of";

    /** The corpus that a run, its Job and its pods work for. */
    public static final String CORPUS = Api.GROUP + "/corpus";

    /** The IngestionRun that a Job and its pods belong to. */
    public static final String RUN = Api.GROUP + "/run";

    /** The generation that a Job and its pods write to; without it they may write to any. */
    public static final String GENERATION = Api.GROUP + "/generation";

    /** The QueryServer that a Deployment and its pods belong to. */
    public static final String QUERY_SERVER = Api.GROUP + "/query-server";

    /** Annotation: digest of what was applied last. */
    public static final String APPLIED = Api.GROUP + "/applied";

    /** Annotation of an IngestionRun: digest of what it was started with. */
    public static final String INPUTS = Api.GROUP + "/inputs";

    /** Annotation of a Deployment that follows sources: digest of the tombstones that its pods were given. */
    public static final String TOMBSTONES = Api.GROUP + "/tombstones";

    /** Value of {@link #MANAGED_BY} and the field manager of all that the operator applies. */
    public static final String OPERATOR = "concordance";

    /** Value of {@link #COMPONENT} for ingestion. */
    public static final String INGESTION = "ingestion";

    /** Value of {@link #COMPONENT} for serving. */
    public static final String SERVING = "query-server";

    /** Value of {@link #COMPONENT} for taking pushed documents. */
    public static final String INLET = "inlet";

    /** Selects what the operator has created. */
    public static final String MANAGED = MANAGED_BY + "=" + OPERATOR;

    private Labels() {}

    /** The labels that everything of one component and instance has. */
    public static Map<String, String> of(String component, String instance) {
        var labels = new LinkedHashMap<String, String>();
        labels.put(NAME, OPERATOR);
        labels.put(INSTANCE, instance);
        labels.put(COMPONENT, component);
        labels.put(PART_OF, OPERATOR);
        labels.put(MANAGED_BY, OPERATOR);
        return labels;
    }

    /** These labels and one more. */
    public static Map<String, String> with(Map<String, String> labels, String key, String value) {
        var more = new LinkedHashMap<>(labels);
        more.put(key, value);
        return more;
    }
}
