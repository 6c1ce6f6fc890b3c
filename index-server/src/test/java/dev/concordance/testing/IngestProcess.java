package dev.concordance.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.index.Shard;
import dev.concordance.localcluster.servers.PackagedProgram;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The verb {@code ingest} of the packaged program as a process of its own. */
public final class IngestProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final long LOOK_AGAIN_MILLIS = 50;
    private static final String PEAK = "VmHWM:";
    private static final String NOW = "VmRSS:";

    private final Process process;
    private final Path log;
    private long peak;
    private long peakOfChildren;
    private long peakTogether;

    private IngestProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param mounts as on the command line, NAME=FOLDER */
    public static IngestProcess start(
            RunSpecification specification, Path workspace, List<String> mounts, int heapMegabytes) throws IOException {
        return start(specification, null, workspace, mounts, heapMegabytes);
    }

    /** @param shard that it prepares; null: it does the run */
    public static IngestProcess start(
            RunSpecification specification,
            @Nullable Shard shard,
            Path workspace,
            List<String> mounts,
            int heapMegabytes)
            throws IOException {
        return start(command(heapMegabytes), specification, shard, workspace, mounts);
    }

    /** The same with nothing in its environment but this, as in a container. */
    public static IngestProcess startIn(
            Map<String, String> environment,
            RunSpecification specification,
            Path workspace,
            List<String> mounts,
            int heapMegabytes)
            throws IOException {
        return start(environment, command(heapMegabytes), specification, null, workspace, mounts);
    }

    /**
     * Starts the packaged program as a Job does: with the image's options and its AOT cache, in a pod with this limit of memory.
     *
     * @param more options of the JVM
     */
    public static IngestProcess startAsInPod(
            RunSpecification specification, Path workspace, List<String> mounts, int podMegabytes, String... more)
            throws IOException {
        var options = new ArrayList<>(List.of(more));
        options.add("-XX:MaxRAM=" + Math.min(podMegabytes, 2 * specification.heapMegabytes()) + "m");
        options.add("-XX:TrimNativeHeapInterval=1000");
        options.add("-XX:CompileThresholdScaling=4");
        return start(PackagedProgram.asInItsImage(module(), options), specification, null, workspace, mounts);
    }

    private static IngestProcess start(
            List<String> program,
            RunSpecification specification,
            @Nullable Shard shard,
            Path workspace,
            List<String> mounts)
            throws IOException {
        return start(null, program, specification, shard, workspace, mounts);
    }

    private static IngestProcess start(
            @Nullable Map<String, String> environment,
            List<String> program,
            RunSpecification specification,
            @Nullable Shard shard,
            Path workspace,
            List<String> mounts)
            throws IOException {
        Files.createDirectories(workspace);
        var run = workspace.resolve(specification.run() + ".json");
        Files.write(run, ManifestJson.mapper().writeValueAsBytes(specification));
        var log = workspace.resolve(specification.run() + ".log");
        var command = new ArrayList<>(program);
        command.addAll(List.of("ingest", "--run", run.toString(), "--workspace", workspace.toString()));
        mounts.forEach(mount -> command.addAll(List.of("--mount", mount)));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        if (environment != null) {
            builder.environment().clear();
            builder.environment().putAll(environment);
        }
        if (shard != null) {
            command.addAll(List.of("--shards", String.valueOf(shard.count())));
            builder.environment().put("JOB_COMPLETION_INDEX", String.valueOf(shard.number()));
        }
        var process = builder.start();
        return new IngestProcess(process, log);
    }

    /** Waits for the exit code. */
    public int exitCode() throws InterruptedException {
        return exitCode(LIMIT);
    }

    /** Waits for the exit code, but not for longer than this. */
    public int exitCode(Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
            look();
            if (System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("the process didn't end in time; its log: " + log);
            }
        }
        return process.exitValue();
    }

    /** The most resident memory that it had, as long as somebody waited for its exit code; 0 where Linux doesn't tell. */
    public long peakMegabytes() {
        return peak >> 10;
    }

    /** The most that one of the processes had that it started. */
    public long peakOfChildrenMegabytes() {
        return peakOfChildren >> 10;
    }

    /** The most that it and all that it started had at a time, seen every {@value #LOOK_AGAIN_MILLIS} milliseconds. */
    public long peakTogetherMegabytes() {
        return peakTogether >> 10;
    }

    private void look() {
        peak = Math.max(peak, kilobytes(process.pid(), PEAK));
        var together = kilobytes(process.pid(), NOW);
        for (var child : process.descendants().toList()) {
            peakOfChildren = Math.max(peakOfChildren, kilobytes(child.pid(), PEAK));
            together += kilobytes(child.pid(), NOW);
        }
        peakTogether = Math.max(peakTogether, together);
    }

    private static long kilobytes(long pid, String line) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(one -> one.startsWith(line))
                    .mapToLong(one -> Long.parseLong(one.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException gone) {
            return 0;
        }
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as the kernel would (SIGKILL). */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Tells it to end (SIGTERM). */
    public void terminate() {
        process.destroy();
    }

    /** Everything it printed. */
    public List<String> log() throws IOException {
        return Files.readAllLines(log);
    }

    /** The last line it printed, which says why it failed. */
    public JsonNode lastWords() throws IOException {
        return ManifestJson.mapper().readTree(log().getLast());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static List<String> command(int heapMegabytes) {
        return PackagedProgram.shortLived(module(), List.of("-Xmx" + heapMegabytes + "m"));
    }

    private static Path module() {
        return Path.of(System.getProperty("concordance.root"), "index-server");
    }
}
