package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.kafka.KafkaSource;
import dev.concordance.source.kafka.TopicWatch;
import dev.concordance.source.sqs.QueueWatch;
import dev.concordance.source.web.WebSource;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens declared sources. */
public final class Sources {
    private static final int AT_A_TIME = 8;

    private Sources() {}

    /** What tells of changes of a source; nothing for sources that have to be asked. */
    public static Optional<Watch> watch(SourceManifest source, Reading reading) {
        return switch (source.location()) {
            case SourceManifest.Kafka kafka -> Optional.of(new TopicWatch(source, kafka, credentials(kafka, reading)));
            case SourceManifest.S3 s3 ->
                Optional.ofNullable(s3.queue())
                        .map(queue -> new QueueWatch(source, s3, queue, credentials(s3, reading)));
            case SourceManifest.Git git -> Optional.empty();
            case SourceManifest.Web web -> Optional.empty();
            case SourceManifest.Jdbc jdbc -> Optional.empty();
            case SourceManifest.Push push -> Optional.empty();
            case SourceManifest.Volume volume -> Optional.empty();
            case SourceManifest.ConfigMap map -> Optional.empty();
        };
    }

    private static @Nullable Path credentials(SourceManifest.Kafka kafka, Reading reading) {
        var sasl = kafka.sasl();
        return sasl == null ? null : reading.mounts().apply(sasl.mount());
    }

    private static @Nullable Path credentials(SourceManifest.S3 s3, Reading reading) {
        var mount = s3.credentialsMount();
        return mount == null ? null : reading.mounts().apply(mount);
    }

    /** How many documents of a source are read at a time: of one that answers each by itself, more than one. */
    public static int readers(SourceManifest source) {
        return source.location() instanceof SourceManifest.S3 ? AT_A_TIME : 1;
    }

    /** Opens a source; nothing is fetched yet. */
    public static Source open(SourceManifest source, Reading reading) {
        return switch (source.location()) {
            case SourceManifest.Git git -> {
                var mount = git.credentialsMount();
                var folder = reading.workspace().resolve("git-" + source.name());
                var remote = new GitRemote(
                        git, mount == null ? null : reading.mounts().apply(mount), folder);
                yield new GitSource(source, git, remote, folder, reading);
            }
            case SourceManifest.S3 s3 -> new S3Source(source, s3, credentials(s3, reading), reading);
            case SourceManifest.Web web -> {
                var mount = web.credentialsMount();
                yield WebSource.open(
                        source, web, mount == null ? null : reading.mounts().apply(mount), reading);
            }
            case SourceManifest.Jdbc jdbc ->
                new JdbcSource(source, jdbc, reading.mounts().apply(jdbc.credentialsMount()), reading);
            case SourceManifest.Kafka kafka ->
                new KafkaSource(source, kafka, credentials(kafka, reading), reading, InstantSource.system());
            case SourceManifest.Push push ->
                new PushSource(source, Objects.requireNonNull(reading.inbox(), "a worker has an inbox"), reading);
            case SourceManifest.Volume volume ->
                new FolderSource(
                        source, reading.mounts().apply(volume.mount()), volume.path(), ChangeKey.OF_FILE, reading);
            case SourceManifest.ConfigMap map ->
                new FolderSource(source, reading.mounts().apply(map.mount()), "", ChangeKey.OF_CONTENT, reading);
        };
    }
}
