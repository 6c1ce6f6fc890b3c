package dev.concordance.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** The borders between the operator's parts. */
@AnalyzeClasses(packages = "dev.concordance.operator", importOptions = DoNotIncludeTests.class)
final class BordersTest {
    /** What decides, tells or builds: given all it needs, it answers the same every time. */
    private static final DescribedPredicate<JavaClass> PURE = DescribedPredicate.describe(
            "planners, conditions, parsers, schedules and builders",
            type -> type.getName()
                            .matches(
                                    ".*\\.(\\w*(Planner|Plan|Conditions|Statuses|Declaration|Parser|Schedule|Observation|Reason)"
                                            + "|Generations|Routing|Selection|ChunkingPolicies|EmbeddingModels|SeenRuns?|SeenWorkloads"
                                            + "|LastWords|Transition|Applied|Finding|Patience)(\\$.*)?")
                    || type.getPackageName().endsWith(".workload"));

    @ArchTest
    static final ArchRule DECISIONS_KNOW_NO_CLIENT_AND_NO_LOGGER = noClasses()
            .that(PURE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.(KubernetesClient|Logger|MeterRegistry|SearchBackend|Context|EventSource)");

    @ArchTest
    static final ArchRule DECISIONS_READ_NO_CLOCK_AND_THROW_NO_DICE = noClasses()
            .that(PURE)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, Random.class, UUID.class);

    @ArchTest
    static final ArchRule NOTHING_ASKS_THE_TIME_BUT_BY_ITS_CLOCK = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_ELASTICSEARCH = noClasses()
            .that()
            .resideOutsideOfPackage("..operator.elastic..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("co.elastic..", "org.apache.hc..");

    @ArchTest
    static final ArchRule ONLY_ENTRY_CLASSES_KNOW_THE_FRAMEWORK = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Reconciler")
            .and()
            .resideOutsideOfPackage("..operator.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "io.quarkus..");

    @ArchTest
    static final ArchRule ONLY_ACTUATORS_AND_REPORTERS_WRITE = classes()
            .that()
            .haveSimpleNameEndingWith("Observer")
            .should()
            .onlyCallMethodsThat(DescribedPredicate.describe(
                    "read",
                    method -> !method.getName()
                            .matches("create|update|patch|edit|delete|replace|serverSideApply|createOrReplace")));

    @ArchTest
    static final ArchRule WORKLOADS_ARE_BUILT_WITHOUT_A_CLIENT = noClasses()
            .that()
            .resideInAPackage("..operator.workload..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.kubernetes.client..", "io.javaoperatorsdk..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_PLATFORM = noClasses()
            .that()
            .resideOutsideOfPackage("..operator.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..operator.platform..");

    @ArchTest
    static final ArchRule WHAT_IS_SHARED_KNOWS_NO_KIND = noClasses()
            .that()
            .resideInAnyPackage("..operator.kube..", "..operator.elastic..", "..operator.workload..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..operator.corpus..",
                    "..operator.run..",
                    "..operator.query..",
                    "..operator.cluster..",
                    "..operator.chunking..",
                    "..operator.model..",
                    "..operator.erasure..");

    @ArchTest
    static final ArchRule CORPORA_KNOW_NO_QUERY_SERVER_AND_NO_JOB = noClasses()
            .that()
            .resideInAPackage("..operator.corpus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..operator.query..", "..operator.run..", "..operator.workload..");

    @ArchTest
    static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
            slices().matching("dev.concordance.operator.(*)..").should().beFreeOfCycles();
}
