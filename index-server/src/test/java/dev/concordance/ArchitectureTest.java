package dev.concordance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The borders inside the index server. */
@AnalyzeClasses(packages = "dev.concordance", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule INGESTION_NEVER_SEES_SEARCH = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.concordance.ingest..",
                    "dev.concordance.source..",
                    "dev.concordance.parse..",
                    "dev.concordance.chunking..",
                    "dev.concordance.index..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.concordance.search..", "dev.concordance.server..");

    @ArchTest
    static final ArchRule SEARCH_NEVER_SEES_INGESTION = noClasses()
            .that()
            .resideInAPackage("dev.concordance.search..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.concordance.ingest..",
                    "dev.concordance.source..",
                    "dev.concordance.parse..",
                    "dev.concordance.chunking..",
                    "dev.concordance.index..",
                    "dev.concordance.server..");

    @ArchTest
    static final ArchRule TWO_PACKAGES_KNOW_HTTP_CLIENTS = noClasses()
            .that()
            .resideOutsideOfPackages("dev.concordance.elasticsearch..", "dev.concordance.source.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("co.elastic..", "org.apache.hc..");

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_MODEL_LIBRARIES = noClasses()
            .that()
            .resideOutsideOfPackage("dev.concordance.embedding..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.onnxruntime..", "ai.djl..");

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_GIT = noClasses()
            .that()
            .resideOutsideOfPackages("dev.concordance.source..", "dev.concordance.localcluster..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jgit..");

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_KAFKA = noClasses()
            .that()
            .resideOutsideOfPackages("dev.concordance.source.kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_MARKUP_PARSERS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.concordance.parse..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.jsoup..",
                    "org.commonmark..",
                    "org.snakeyaml..",
                    "org.apache.pdfbox..",
                    "org.apache.poi..",
                    "org.apache.tika..");

    @ArchTest
    static final ArchRule NO_FRAMEWORK_IN_THE_MIDDLE = noClasses()
            .that(resideInAPackage("dev.concordance..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("dev.concordance.server..")
                            .or(resideInAPackage("dev.concordance.search.http.."))
                            .or(resideInAPackage("dev.concordance.endpoint.."))
                            .or(resideInAPackage("dev.concordance.inlet..")))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "org.eclipse.microprofile..", "io.micrometer..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("dev.concordance.(*)..")
            .should()
            .beFreeOfCycles();
}
