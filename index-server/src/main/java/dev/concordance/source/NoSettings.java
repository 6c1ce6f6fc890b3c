package dev.concordance.source;

import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/** The system as the git library sees it: without settings of a machine or a user, which no declaration names. */
@SuppressWarnings("deprecation") // what is deprecated in the library is abstract all the same
final class NoSettings extends SystemReader {
    private final SystemReader system;

    NoSettings(SystemReader system) {
        this.system = system;
    }

    /** Settings that are never read from a file nor written to one. */
    private static final class Nothing extends FileBasedConfig {
        Nothing(Config parent, FS files) {
            super(parent, Path.of("nothing").toFile(), files);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS files) {
        return new Nothing(parent, files);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS files) {
        return new Nothing(parent, files);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS files) {
        return new Nothing(parent, files);
    }

    @Override
    public String getHostname() {
        return system.getHostname();
    }

    @Override
    public String getenv(String variable) {
        return system.getenv(variable);
    }

    @Override
    public String getProperty(String key) {
        return system.getProperty(key);
    }

    @Override
    public long getCurrentTime() {
        return system.now().toEpochMilli();
    }

    @Override
    public int getTimezone(long when) {
        return system.getTimeZoneAt(Instant.ofEpochMilli(when))
                        .getRules()
                        .getOffset(Instant.ofEpochMilli(when))
                        .getTotalSeconds()
                / 60;
    }
}
