package dev.concordance.source;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.kafka.KafkaSource;
import dev.concordance.source.web.WebSource;
import java.time.InstantSource;
import java.util.Objects;

/** Opens declared sources. */
public final class Sources {
    private static final int AT_A_TIME = 8;

    private Sources() {}

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
            case SourceManifest.S3 s3 -> {
                var mount = s3.credentialsMount();
                yield new S3Source(
                        source, s3, mount == null ? null : reading.mounts().apply(mount), reading);
            }
            case SourceManifest.Web web -> {
                var mount = web.credentialsMount();
                yield WebSource.open(
                        source, web, mount == null ? null : reading.mounts().apply(mount), reading);
            }
            case SourceManifest.Jdbc jdbc ->
                new JdbcSource(source, jdbc, reading.mounts().apply(jdbc.credentialsMount()), reading);
            case SourceManifest.Kafka kafka -> {
                var sasl = kafka.sasl();
                yield new KafkaSource(
                        source,
                        kafka,
                        sasl == null ? null : reading.mounts().apply(sasl.mount()),
                        reading,
                        InstantSource.system());
            }
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
