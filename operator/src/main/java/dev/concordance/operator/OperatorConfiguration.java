package dev.concordance.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How an installation of the operator is set up; what users want is in the custom resources, never here. */
@ConfigMapping(prefix = "concordance")
public interface OperatorConfiguration {
    /** Namespaces to watch, separated by commas; {@code JOSDK_ALL_NAMESPACES} for all. */
    @WithDefault("JOSDK_ALL_NAMESPACES")
    String watchNamespaces();

    /** The image of ingestion jobs and query servers. */
    IndexServer indexServer();

    /** Which of several operator processes works. */
    LeaderElection leaderElection();

    /** How Elasticsearch is asked. */
    Elasticsearch elasticsearch();

    /** What ingestion may do. */
    Ingestion ingestion();

    /** How ingestion runs are followed and kept. */
    Runs runs();

    /** How long an object may stay without events before it is looked at again. */
    @WithDefault("60s")
    Duration resync();

    /** After how long a new spec that no reconciliation has seen counts as overlooked. */
    @WithDefault("2m")
    Duration watchdogPatience();

    /** See {@link #indexServer}. */
    interface IndexServer {
        /** Name with tag or digest. */
        @WithDefault("concordance/index-server:latest")
        String image();

        /** {@code Always}, {@code IfNotPresent} or {@code Never}. */
        @WithDefault("IfNotPresent")
        String pullPolicy();

        /** Names of Secrets for pulling it, in each namespace with corpora or query servers; none: the service account's. */
        Optional<List<String>> pullSecrets();
    }

    /** See {@link #leaderElection}. */
    interface LeaderElection {
        /** Where the Lease is. */
        @WithDefault("default")
        String namespace();

        /** The Lease's name. */
        @WithDefault("concordance-operator")
        String leaseName();
    }

    /** See {@link #elasticsearch}. */
    interface Elasticsearch {
        /** After it a request counts as unanswered. */
        @WithDefault("10s")
        Duration requestTimeout();

        /** How often a SearchCluster that works is checked. */
        @WithDefault("30s")
        Duration checkInterval();
    }

    /** See {@link #ingestion}. */
    interface Ingestion {
        /** Namespaces whose corpora may read websites in private networks; {@code *} for all; none: none. */
        Optional<List<String>> privateNetworkNamespaces();
    }

    /** See {@link #runs}. */
    interface Runs {
        /** How often the report of a run that is at work is read. */
        @WithDefault("2s")
        Duration progressInterval();

        /** How many succeeded, and how many failed, runs of a corpus are kept. */
        @WithDefault("3")
        int retained();
    }
}
