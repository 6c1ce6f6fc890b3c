package dev.concordance.localcluster.servers;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The programs of database servers, unpacked once from the jars that {@code e2e/databases} fetches. */
final class DatabasePrograms {
    private static final String POSTGRESQL = "postgres-linux-x86_64.txz";
    private static final String MARIADB = "/linux/";

    private DatabasePrograms() {}

    /** The folder with {@code bin}, {@code lib} and {@code share} of PostgreSQL. */
    static Path postgreSql() throws IOException {
        return unpacked("postgresql.jar", (jar, folder) -> {
            var archive = folder.resolve(POSTGRESQL);
            try (var content = jar.getInputStream(jar.getEntry(POSTGRESQL))) {
                Files.copy(content, archive);
            }
            new Command(List.of("tar"), Map.of()).run("-xJf", archive.toString(), "-C", folder.toString());
            Files.delete(archive);
        });
    }

    /** The folder with {@code bin}, {@code scripts} and {@code share} of MariaDB. */
    static Path mariaDb() throws IOException {
        return unpacked("mariadb.jar", (jar, folder) -> {
            for (var entry : jar.stream().filter(entry -> !entry.isDirectory()).toList()) {
                var at = entry.getName().indexOf(MARIADB);
                if (at >= 0) {
                    place(jar, entry, folder, entry.getName().substring(at + MARIADB.length()));
                }
            }
        });
    }

    /** A copy in a folder of its own, for a program that asks whether it may run itself. */
    static Path readableByAll(Path programs) throws IOException {
        var copy = Files.createTempDirectory("database-");
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        new Command(List.of("cp", "-r"), Map.of()).run(programs + "/.", copy.toString());
        return copy;
    }

    private static void place(ZipFile jar, ZipEntry entry, Path folder, String name) throws IOException {
        var target = folder.resolve(name).normalize();
        var parent = target.getParent();
        if (!target.startsWith(folder) || parent == null) {
            throw new IOException(name + " leaves the folder");
        }
        Files.createDirectories(parent);
        try (var content = jar.getInputStream(entry)) {
            Files.copy(content, target);
        }
        var isProgram = name.startsWith("bin/") || name.startsWith("scripts/");
        if (isProgram && !target.toFile().setExecutable(true)) {
            throw new IOException(target + " can't be made executable");
        }
    }

    private interface Unpacking {
        void unpack(ZipFile jar, Path into) throws IOException;
    }

    private static Path unpacked(String name, Unpacking unpacking) throws IOException {
        var jar = JavaServer.module("databases").resolve("lib").resolve(name);
        var cache = Binaries.cacheFolder().resolve(name.replace(".jar", "-") + digest(jar));
        if (Files.isDirectory(cache)) {
            return cache;
        }
        Files.createDirectories(cache.getParent());
        var work = Files.createTempDirectory(cache.getParent(), "unpacking-");
        try (var opened = new ZipFile(jar.toFile())) {
            unpacking.unpack(opened, work);
        }
        try {
            Files.move(work, cache, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(cache)) {
                throw e;
            }
        }
        return cache;
    }

    private static String digest(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
