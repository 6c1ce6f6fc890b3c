package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.operator.cluster.KnownCluster;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.run.RunObservation.JobState;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import dev.concordance.operator.run.RunObservation.SeenJob;
import dev.concordance.operator.run.RunObservation.SeenPod;
import dev.concordance.operator.workload.IngestionJob;
import dev.concordance.operator.workload.WorkerImage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done about a run, case by case. */
final class RunPlannerTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final Instant BEFORE = NOON.minusSeconds(60);
    private static final Launch POSSIBLE = new Launch.Possible(launched(1), new KnownCluster().connection);

    /** An observation and what follows from it. */
    private record Case(
            String name, RunObservation seen, RunPhase phase, String reason, List<String> steps, String truths) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("starts", queued(POSSIBLE), RunPhase.Starting, "Starting", List.of("StartJob"), "FTF"),
                new Case(
                        "waits for what is missing",
                        queued(blocked("ReferenceMissing")),
                        RunPhase.Queued,
                        "ReferenceMissing",
                        List.of(),
                        "FTF"),
                new Case(
                        "stalls until somebody lets Erasures go that don't exist",
                        queued(blocked("ErasuresMissing")),
                        RunPhase.Queued,
                        "ErasuresMissing",
                        List.of(),
                        "FFT"),
                new Case(
                        "waits for a generation",
                        queued(new Launch.Blocked(Obstacle.of(RunReason.WaitsForGeneration))),
                        RunPhase.Queued,
                        "WaitsForGeneration",
                        List.of(),
                        "FTF"),
                new Case(
                        "gives up where the generation is gone",
                        queued(new Launch.Impossible(FailureReason.GenerationMissing, "generation 4 does not exist")),
                        RunPhase.Failed,
                        "GenerationMissing",
                        List.of(),
                        "FFT"),
                new Case(
                        "lets another run go first",
                        seen(POSSIBLE, Optional.of("handbook-2"), List.of(), Optional.empty()),
                        RunPhase.Queued,
                        "WaitsForRun",
                        List.of(),
                        "FTF"),
                new Case(
                        "waits for a pod that has not ended",
                        seen(POSSIBLE, Optional.empty(), List.of("handbook-1-ingest-x"), Optional.empty()),
                        RunPhase.Queued,
                        "WaitsForPod",
                        List.of(),
                        "FTF"),
                new Case(
                        "has a Job that has not reported",
                        active(JobState.ACTIVE, Optional.empty(), List.of()),
                        RunPhase.Starting,
                        "Starting",
                        List.of(),
                        "FTF"),
                new Case(
                        "tells why a pod does not start",
                        active(JobState.ACTIVE, Optional.empty(), List.of(waiting("ImagePullBackOff: no such image"))),
                        RunPhase.Starting,
                        "PodWaits",
                        List.of(),
                        "FTF"),
                new Case(
                        "lists",
                        active(JobState.ACTIVE, report(RunReport.Phase.Listing, NOON), List.of()),
                        RunPhase.Listing,
                        "Listing",
                        List.of(),
                        "FTF"),
                new Case(
                        "indexes",
                        active(JobState.ACTIVE, report(RunReport.Phase.Indexing, NOON), List.of()),
                        RunPhase.Indexing,
                        "Indexing",
                        List.of(),
                        "FTF"),
                new Case(
                        "tells why an attempt failed while the Job tries again",
                        active(JobState.ACTIVE, failed(FailureReason.SourceUnreachable, true), List.of()),
                        RunPhase.Starting,
                        "SourceUnreachable",
                        List.of(),
                        "FTF"),
                new Case(
                        "takes no report of an attempt before",
                        active(JobState.ACTIVE, report(RunReport.Phase.Indexing, BEFORE.minusSeconds(1)), List.of()),
                        RunPhase.Starting,
                        "Starting",
                        List.of(),
                        "FTF"),
                new Case(
                        "can't read how far it is",
                        unreadable(JobState.ACTIVE),
                        RunPhase.Indexing,
                        "ProgressUnreadable",
                        List.of(),
                        "FTF"),
                new Case(
                        "is a build that makes room",
                        interrupted(report(RunReport.Phase.Indexing, NOON)),
                        RunPhase.Queued,
                        "WaitsForRun",
                        List.of("StopJob"),
                        "FTF"),
                new Case(
                        "is a build that is done and whose Job doesn't say so yet",
                        interrupted(report(RunReport.Phase.Succeeded, NOON)),
                        RunPhase.Indexing,
                        "Indexing",
                        List.of(),
                        "FTF"),
                new Case(
                        "follows its sources",
                        following(
                                JobState.ACTIVE, report(RunReport.Phase.Following, NOON), List.of(), Optional.empty()),
                        RunPhase.Following,
                        "Following",
                        List.of(),
                        "TFF"),
                new Case(
                        "follows a source that can't be read at the moment",
                        following(
                                JobState.ACTIVE,
                                failed(FailureReason.SourceUnreachable, true),
                                List.of(),
                                Optional.empty()),
                        RunPhase.Following,
                        "SourceUnreachable",
                        List.of(),
                        "FTF"),
                new Case(
                        "follows a source that can't be read until somebody helps",
                        following(
                                JobState.ACTIVE,
                                failed(FailureReason.SourceUnauthorized, false),
                                List.of(),
                                Optional.empty()),
                        RunPhase.Following,
                        "SourceUnauthorized",
                        List.of(),
                        "FFT"),
                new Case(
                        "follows, and its pod has ended and waits to be started again",
                        following(
                                JobState.ACTIVE,
                                Optional.empty(),
                                List.of(waiting("CrashLoopBackOff: back-off", "ModelInvalid", 2)),
                                Optional.empty()),
                        RunPhase.Following,
                        "ModelInvalid",
                        List.of(),
                        "FFT"),
                new Case(
                        "follows and makes room",
                        following(
                                JobState.ACTIVE,
                                report(RunReport.Phase.Following, NOON),
                                List.of(),
                                Optional.of("now")),
                        RunPhase.Queued,
                        "WaitsForRun",
                        List.of("StopJob"),
                        "FTF"),
                new Case(
                        "follows with another image than it would have now",
                        following(
                                JobState.OUTDATED,
                                report(RunReport.Phase.Following, NOON),
                                List.of(),
                                Optional.empty()),
                        RunPhase.Queued,
                        "Stopping",
                        List.of("StopJob"),
                        "FTF"),
                new Case(
                        "can't get an image that it wouldn't have now",
                        active(JobState.OUTDATED, Optional.empty(), List.of(waiting("ErrImagePull"))),
                        RunPhase.Queued,
                        "Stopping",
                        List.of("StopJob"),
                        "FTF"),
                new Case(
                        "is being stopped",
                        active(JobState.GOING, Optional.empty(), List.of()),
                        RunPhase.Queued,
                        "Stopping",
                        List.of(),
                        "FTF"),
                new Case(
                        "succeeds",
                        active(JobState.COMPLETE, report(RunReport.Phase.Succeeded, NOON), List.of()),
                        RunPhase.Succeeded,
                        "Succeeded",
                        List.of(),
                        "TFF"),
                new Case(
                        "has ended and can't be read",
                        unreadable(JobState.COMPLETE),
                        RunPhase.Indexing,
                        "ReportUnreadable",
                        List.of(),
                        "FTF"),
                new Case(
                        "has ended without a report",
                        active(JobState.COMPLETE, Optional.empty(), List.of()),
                        RunPhase.Failed,
                        "Internal",
                        List.of(),
                        "FFF"),
                new Case(
                        "fails with last words and would fail again",
                        active(JobState.FAILED, Optional.empty(), List.of(ended(2, "SourceUnauthorized"))),
                        RunPhase.Failed,
                        "SourceUnauthorized",
                        List.of(),
                        "FFT"),
                new Case(
                        "fails with last words and may be tried again",
                        active(JobState.FAILED, Optional.empty(), List.of(ended(1, "SourceUnreachable"))),
                        RunPhase.Failed,
                        "SourceUnreachable",
                        List.of(),
                        "FFF"),
                new Case(
                        "fails and its pod is gone",
                        active(JobState.FAILED, failed(FailureReason.ModelInvalid, false), List.of()),
                        RunPhase.Failed,
                        "ModelInvalid",
                        List.of(),
                        "FFT"),
                new Case(
                        "is killed without a word",
                        active(JobState.FAILED, Optional.empty(), List.of(killed())),
                        RunPhase.Failed,
                        "Internal",
                        List.of(),
                        "FFF"),
                new Case(
                        "has erased",
                        active(JobState.COMPLETE, succeeded(RunMode.Erase, null), List.of()),
                        RunPhase.Succeeded,
                        "Erased",
                        List.of(),
                        "TFF"));
    }

    @ParameterizedTest
    @MethodSource({"cases", "preparations"})
    void decides(Case given) {
        var plan = RunPlanner.plan(given.seen());
        assertThat(plan.phase()).isEqualTo(given.phase());
        assertThat(plan.reason()).isEqualTo(given.reason());
        assertThat(plan.steps())
                .extracting(step -> step.getClass().getSimpleName())
                .isEqualTo(given.steps());
        assertThat(RunStatuses.findings(plan).stream()
                        .map(finding -> finding.truth().name().substring(0, 1))
                        .reduce("", String::concat))
                .as("Ready, Reconciling, Stalled")
                .isEqualTo(given.truths());
        assertThat(plan.finishedAt().isPresent()).isEqualTo(plan.phase().isFinal());
        assertThat(plan.message()).isNotBlank().doesNotContain("%");
        assertThat(RunPlanner.plan(given.seen())).isEqualTo(plan);
    }

    @Test
    void reachesEveryReasonThatAPlanCanHave() {
        var reached = new TreeSet<String>();
        cases().map(Case::seen)
                .map(RunPlanner::plan)
                .flatMap(plan -> RunStatuses.findings(plan).stream())
                .map(Finding::reason)
                .forEach(reached::add);
        // found out by LaunchFinder, which asks caches, and by GoneErasures
        reached.addAll(List.of(
                "CorpusMissing", "Paused", "WaitsForCaches", "ErasureMissing", "WaitsForErasure", "ErasuresMissing"));
        for (var reason : RunReason.values()) {
            assertThat(reached).contains(reason.name());
        }
    }

    @Test
    void saysWithTheExitCodeThatAWorkerEndedWithoutAWord() {
        var plan = RunPlanner.plan(active(JobState.FAILED, Optional.empty(), List.of(killed())));
        assertThat(plan.message()).isEqualTo("the worker ended with exit code 137; the Job failed");
    }

    @Test
    void countsWhatIsDone() {
        var plan = RunPlanner.plan(active(JobState.ACTIVE, report(RunReport.Phase.Indexing, NOON), List.of()));
        assertThat(plan.message())
                .isEqualTo("6 of 10 listed documents are done; 7 chunks written, 8 texts embedded, 9 vectors reused");
    }

    @Test
    void tellsWhatAVerificationFound() {
        var drift = new RunReport.Drift(1, 2, 3, List.of("site:a.md"));
        var seen = active(JobState.COMPLETE, succeeded(RunMode.Verify, drift), List.of());
        var plan = RunPlanner.plan(seen);
        assertThat(plan.message())
                .endsWith(
                        "; drift was found and repaired: 1 damaged documents, 2 overlooked changes, 3 orphaned chunks");
        assertThat(RunStatuses.status(1L, Optional.empty(), seen, plan, List.of())
                        .drift())
                .isEqualTo(new IngestionRunStatus.Drift(1L, 2L, 3L, List.of("site:a.md")));
    }

    @Test
    void tellsStatusesThatDoNotDependOnWhenTheyAreTold() {
        var seen = active(JobState.COMPLETE, report(RunReport.Phase.Succeeded, NOON), List.of());
        var plan = RunPlanner.plan(seen);
        var conditions = Conditions.of(null, RunStatuses.findings(plan), 1L, NOON);
        var once = RunStatuses.status(1L, Optional.empty(), seen, plan, conditions);
        assertThat(RunStatuses.status(1L, Optional.of(once), seen, plan, conditions))
                .isEqualTo(once);
        assertThat(once.finishedAt()).isEqualTo("2026-05-04T12:00:00Z");
        assertThat(once.findings()).isEqualTo(Map.of("Email", 3L));
    }

    @Test
    void startsNothingBeforeErasuresThatHaveGoneAreForgotten() {
        var connection = new KnownCluster().connection;
        var forget = new RunStep.ForgetErasures(connection, new IndexNames("cc", "docs", "handbook"), List.of("u"));
        var plan = RunPlanner.plan(queued(new Launch.Possible(launched(1), connection, List.of(forget))));
        assertThat(plan.steps()).containsExactly(forget, new RunStep.StartJob(launched(1)));
    }

    @Test
    void startsAnewWhatFollowsIfItWasToldOfOtherErasures() {
        var pods = List.of(waiting("CrashLoopBackOff", "Superseded", 2));
        var plan = RunPlanner.plan(following(JobState.ACTIVE, Optional.empty(), pods, Optional.empty()));
        assertThat(plan.steps()).containsExactly(new RunStep.StopJob("handbook-3-ingest"));
        assertThat(plan.phase()).isEqualTo(RunPhase.Queued);
    }

    private static Stream<Case> preparations() {
        var divided = new Launch.Possible(launched(4), new KnownCluster().connection);
        return Stream.of(
                new Case(
                        "is prepared by several pods",
                        prepared(divided, Optional.empty(), Optional.empty()),
                        RunPhase.Starting,
                        "Starting",
                        List.of("StartPreparation"),
                        "FTF"),
                new Case(
                        "waits for them",
                        prepared(blocked("Settled"), Optional.of(JobState.ACTIVE), Optional.empty()),
                        RunPhase.Starting,
                        "Starting",
                        List.of(),
                        "FTF"),
                new Case(
                        "tells how far they are",
                        prepared(
                                blocked("Settled"),
                                Optional.of(JobState.ACTIVE),
                                report(RunReport.Phase.Indexing, NOON)),
                        RunPhase.Indexing,
                        "Indexing",
                        List.of(),
                        "FTF"),
                new Case(
                        "follows them",
                        prepared(divided, Optional.of(JobState.COMPLETE), Optional.empty()),
                        RunPhase.Starting,
                        "Starting",
                        List.of("StartJob"),
                        "FTF"),
                new Case(
                        "does what they could not",
                        prepared(divided, Optional.of(JobState.FAILED), Optional.empty()),
                        RunPhase.Starting,
                        "Starting",
                        List.of("StartJob"),
                        "FTF"),
                new Case(
                        "waits until they are stopped",
                        prepared(blocked("Settled"), Optional.of(JobState.GOING), Optional.empty()),
                        RunPhase.Queued,
                        "Stopping",
                        List.of(),
                        "FTF"));
    }

    @Test
    void saysThatOtherShardsGoOnWhereOneWaitsForTheUser() {
        var seen = prepared(
                blocked("Settled"), Optional.of(JobState.ACTIVE), failed(FailureReason.SourceUnauthorized, false));
        var plan = RunPlanner.plan(seen);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.phase().isFinal()).isFalse();
        assertThat(plan.reason()).isEqualTo("SourceUnauthorized");
        assertThat(plan.message())
                .isEqualTo("a sentence; the other shards go on, and the run itself tries again after them");
        var retried = prepared(
                blocked("Settled"), Optional.of(JobState.ACTIVE), failed(FailureReason.SourceUnreachable, true));
        assertThat(RunPlanner.plan(retried).message()).isEqualTo("a sentence; the Job tries again");
    }

    @Test
    void stopsThePodsThatPrepareABuildForARunThatGoesFirst() {
        var seen = new RunObservation(
                "handbook-3",
                RunPhase.Indexing,
                RunMode.Build,
                Optional.of("handbook-2"),
                blocked("Settled"),
                Optional.of(preparation(JobState.ACTIVE)),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                NOON);
        assertThat(RunPlanner.plan(seen).steps()).containsExactly(new RunStep.StopJob("handbook-3-shards"));
    }

    @Test
    void stopsThePodsThatPrepareABuildIfTheyCantGetAnImageThatTheyWouldNotHaveNow() {
        var seen = prepared(blocked("Settled"), Optional.of(JobState.OUTDATED), Optional.empty());
        assertThat(RunPlanner.plan(seen).steps()).containsExactly(new RunStep.StopJob("handbook-3-shards"));
    }

    private static RunObservation prepared(Launch launch, Optional<JobState> state, Optional<RunReport> report) {
        return new RunObservation(
                "handbook-3",
                RunPhase.Queued,
                RunMode.Build,
                Optional.empty(),
                launch,
                state.map(RunPlannerTest::preparation),
                Optional.empty(),
                List.of(),
                List.of(),
                report,
                Optional.empty(),
                NOON);
    }

    private static SeenJob preparation(JobState state) {
        return new SeenJob("handbook-3-shards", 4, state, Optional.of(BEFORE), Optional.empty(), "");
    }

    @Test
    void tellsHowMuchARunHasErased() {
        var plan = RunPlanner.plan(active(JobState.COMPLETE, succeeded(RunMode.Erase, null), List.of()));
        assertThat(plan.message()).isEqualTo("0 documents were erased, and are not found any more");
    }

    @Test
    void tellsThatASourceThatIsFollowedCantBeListenedTo() {
        var heard = report(RunReport.Phase.Following, NOON);
        var unheard = heard.map(report -> new RunReport(
                report.run(),
                report.generation(),
                report.mode(),
                report.phase(),
                report.epoch(),
                report.startedAt(),
                report.updatedAt(),
                report.finishedAt(),
                report.freshAsOf(),
                report.counts(),
                report.spent(),
                report.positions(),
                report.drift(),
                report.quarantined(),
                report.failure(),
                "source docs: there is no queue"));
        assertThat(RunPlanner.plan(following(JobState.ACTIVE, heard, List.of(), Optional.empty()))
                        .message())
                .isEqualTo("the sources are followed");
        var plan = RunPlanner.plan(following(JobState.ACTIVE, unheard, List.of(), Optional.empty()));
        assertThat(plan.message()).isEqualTo("the sources are followed; source docs: there is no queue");
        assertThat(plan.phase()).isEqualTo(RunPhase.Following);
        assertThat(plan.reason()).isEqualTo("Following");
    }

    private static Optional<RunReport> succeeded(RunMode mode, RunReport.@Nullable Drift drift) {
        return report(RunReport.Phase.Succeeded, NOON)
                .map(report -> new RunReport(
                        report.run(),
                        report.generation(),
                        mode,
                        report.phase(),
                        report.epoch(),
                        report.startedAt(),
                        report.updatedAt(),
                        report.finishedAt(),
                        report.freshAsOf(),
                        report.counts(),
                        report.spent(),
                        report.positions(),
                        drift,
                        report.quarantined(),
                        report.failure()));
    }

    private static RunObservation queued(Launch launch) {
        return seen(launch, Optional.empty(), List.of(), Optional.empty());
    }

    private static RunObservation seen(
            Launch launch, Optional<String> first, List<String> strangers, Optional<SeenJob> job) {
        return new RunObservation(
                "handbook-3",
                RunPhase.Queued,
                RunMode.Build,
                first,
                launch,
                Optional.empty(),
                job,
                List.of(),
                strangers,
                Optional.empty(),
                Optional.empty(),
                NOON);
    }

    private static RunObservation active(JobState state, Optional<RunReport> report, List<SeenPod> pods) {
        return new RunObservation(
                "handbook-3",
                RunPhase.Queued,
                RunMode.Incremental,
                Optional.empty(),
                blocked("Settled"),
                Optional.empty(),
                Optional.of(job(state)),
                pods,
                List.of(),
                report,
                Optional.empty(),
                NOON);
    }

    private static RunObservation unreadable(JobState state) {
        return new RunObservation(
                "handbook-3",
                RunPhase.Indexing,
                RunMode.Incremental,
                Optional.empty(),
                blocked("Settled"),
                Optional.empty(),
                Optional.of(job(state)),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(new Obstacle("ElasticsearchUnreachable", "no answer")),
                NOON);
    }

    private static RunObservation interrupted(Optional<RunReport> report) {
        return new RunObservation(
                "handbook-3",
                RunPhase.Indexing,
                RunMode.Build,
                Optional.of("handbook-2"),
                blocked("Settled"),
                Optional.empty(),
                Optional.of(job(JobState.ACTIVE)),
                List.of(),
                List.of(),
                report,
                Optional.empty(),
                NOON);
    }

    private static RunObservation following(
            JobState state, Optional<RunReport> report, List<SeenPod> pods, Optional<String> first) {
        return new RunObservation(
                "handbook-3",
                RunPhase.Following,
                RunMode.Follow,
                first,
                blocked("Settled"),
                Optional.empty(),
                Optional.of(job(state)),
                pods,
                List.of(),
                report,
                Optional.empty(),
                NOON);
    }

    private static SeenPod waiting(String why, String reason, int exitCode) {
        return new SeenPod(
                "handbook-3-ingest-a",
                false,
                Optional.of(exitCode),
                Optional.of("{\"reason\": \"%s\", \"message\": \"a sentence\"}".formatted(reason)),
                Optional.of(why));
    }

    private static SeenJob job(JobState state) {
        var over = state == JobState.COMPLETE || state == JobState.FAILED;
        return new SeenJob(
                "handbook-3-ingest",
                1,
                state,
                Optional.of(BEFORE),
                over ? Optional.of(NOON) : Optional.empty(),
                state == JobState.FAILED ? "the Job failed" : "");
    }

    private static Launch blocked(String reason) {
        return new Launch.Blocked(new Obstacle(reason, "a sentence about " + reason));
    }

    private static SeenPod waiting(String why) {
        return new SeenPod("pod", false, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    private static SeenPod ended(int exitCode, String reason) {
        var words = "some log\n{\"reason\":\"" + reason + "\",\"message\":\"a sentence\"}\n";
        return new SeenPod("pod", true, Optional.of(exitCode), Optional.of(words), Optional.empty());
    }

    private static SeenPod killed() {
        return new SeenPod("pod", true, Optional.of(137), Optional.of("Exception in thread"), Optional.empty());
    }

    private static Optional<RunReport> report(RunReport.Phase phase, Instant at) {
        return Optional.of(new RunReport(
                "handbook-3",
                2,
                RunMode.Incremental,
                phase,
                1,
                at,
                at,
                phase == RunReport.Phase.Succeeded ? at : null,
                at,
                new RunReport.Counts(10, 1, 2, 1, 0, 1, 1, 4, 7, 8, 9, 0, Map.of(Privacy.Kind.Email, 3L)),
                null,
                Map.of(),
                null,
                List.of(),
                null));
    }

    private static Optional<RunReport> failed(FailureReason reason, boolean retryable) {
        return Optional.of(new RunReport(
                "handbook-3",
                2,
                RunMode.Incremental,
                RunReport.Phase.Failed,
                1,
                NOON,
                NOON,
                NOON,
                null,
                RunReport.Counts.NONE,
                null,
                Map.of(),
                null,
                List.of(),
                new RunReport.Failure(reason, "a sentence", retryable)));
    }

    static IngestionJob launched(int shards) {
        var manifest = new GenerationManifest(
                2, 1, new Chunking.ByTokens(256, 32, ""), BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), 1, List.of());
        var specification = new RunSpecification(
                "handbook-3",
                RunMode.Build,
                new IndexNames("cc", "docs", "handbook"),
                manifest,
                List.of(1),
                List.of(),
                new ElasticsearchAccess(List.of("https://es:9200"), null, "elasticsearch"),
                new RunSpecification.Limits(1, 1, 50, 0),
                new RunSpecification.DeletionGuard(50, 10, null, 1));
        return new IngestionJob(
                specification,
                List.of(),
                Optional.empty(),
                shards,
                Optional.empty(),
                new WorkerImage("image:1", "Never", List.of("registry")));
    }
}
