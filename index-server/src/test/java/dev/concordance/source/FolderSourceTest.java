package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.spool.Spools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FolderSourceTest {
    private static final String RULES = "rules: [{paths: \"**\", principals: %s}]\n";
    private static final int MANY = 12_000;
    private static final SourceManifest.JsonLines LINES =
            new SourceManifest.JsonLines("id", "title", "text", null, List.of());

    private static final SourceManifest MAP =
            new SourceManifest("map", new SourceManifest.ConfigMap("data", "1"), List.of(), List.of(), null, null);

    @TempDir
    private Path folder;

    @Test
    void followsALinkInsideAndNoneThatLeadsOutOrNowhere() throws Exception {
        write("a/real.md", "words");
        Files.createSymbolicLink(folder.resolve("inside.md"), folder.resolve("a/real.md"));
        Files.createSymbolicLink(folder.resolve("outside.md"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(folder.resolve("nowhere.md"), Path.of("missing"));
        Files.createSymbolicLink(folder.resolve("folder"), Path.of("/etc"));
        assertThat(ids(list(null)))
                .containsExactly(
                        "a/real.md",
                        "folder OutsideSource",
                        "inside.md",
                        "nowhere.md OutsideSource",
                        "outside.md OutsideSource");
    }

    @Test
    void listsWhateverNamesAFileSystemTakesAndLosesNoOther() throws Exception {
        write("a.md", "words");
        write("ü.md", "words with dots");
        write("ü/日本.md", "words below");
        write("a\nb.md", "words");
        write(String.join("/", Collections.nCopies(6, "d".repeat(200))) + "/x.md", "words");
        undecodable("printf words > \"$0/\"$'\\377.md'; printf words > \"$0/\"$'\\376.md'");
        undecodable("mkdir \"$0/\"$'u\\374'; printf words > \"$0/\"$'u\\374/c.md'");
        var source = Sources.open(declared("", null), reading());
        var entries = Listed.of(source).entries();
        assertThat(entries)
                .filteredOn(Entry.File.class::isInstance)
                .extracting(Entry::id)
                .containsExactlyInAnyOrder("a.md", "ü.md", "ü/日本.md");
        for (var entry : entries) {
            if (entry instanceof Entry.File) {
                assertThat(new String(Listed.content(source, entry).read(), StandardCharsets.UTF_8))
                        .startsWith("words");
            }
        }
        assertThat(entries)
                .filteredOn(Entry.Unreadable.class::isInstance)
                .hasSize(5)
                .allSatisfy(entry -> assertThat(entry.id()).startsWith("unnamed-"))
                .extracting(entry -> ((Entry.Unreadable) entry).message())
                .anySatisfy(message -> assertThat(message).contains("%FF.md"))
                .anySatisfy(message -> assertThat(message).contains("%FE.md"))
                .anySatisfy(message -> assertThat(message).contains("c.md").contains("not valid UTF-8"))
                .anySatisfy(message -> assertThat(message).contains("1024 bytes"));
    }

    @Test
    void passesAFolderThatIsTooDeepToBeOpenedAndLosesNoOther() throws Exception {
        write("a.md", "words");
        var deep = Files.createDirectories(folder.resolve(String.join("/", Collections.nCopies(10, "b".repeat(200)))));
        write(String.join("/", Collections.nCopies(12, "c".repeat(200))) + "/x.md", "words");
        var moved = deep.resolve("moved");
        Files.move(folder.resolve("c".repeat(200)), moved);
        try {
            assertThat(ids(list(null)))
                    .hasSize(2)
                    .contains("a.md")
                    .anySatisfy(id -> assertThat(id).endsWith(" BadId"));
        } finally {
            // Else nobody could delete it.
            Files.move(moved, folder.resolve("c".repeat(200)));
        }
    }

    /** Java writes no names that are no characters. */
    private void undecodable(String script) throws Exception {
        var shell = new ProcessBuilder("bash", "-c", script, folder.toString()).start();
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
    }

    @Test
    @Timeout(20)
    void opensNoPipe() throws Exception {
        write("a.md", "words");
        pipe("b.md");
        var listing = list(null);
        assertThat(ids(listing)).containsExactly("a.md");
        assertThat(listing.passedOver()).isEqualTo(1);
    }

    @Test
    @Timeout(20)
    void readsNothingElseThanWhatItListed() throws Exception {
        write("a.md", "words");
        write("b.md", "words");
        var source = Sources.open(declared("", null), reading());
        var entries = Listed.of(source).entries();
        Files.delete(folder.resolve("a.md"));
        pipe("a.md");
        Files.delete(folder.resolve("b.md"));
        Files.createSymbolicLink(folder.resolve("b.md"), Path.of("/etc/passwd"));
        for (var entry : entries) {
            assertThatThrownBy(() -> Listed.content(source, entry).read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("replaced");
        }
    }

    @Test
    void opensNothingOfAnotherFolderThatTookThePlaceOfOneWhileItIsListed(@TempDir Path elsewhere) throws Exception {
        Files.writeString(elsewhere.resolve("b.jsonl"), "{\"id\":\"secret\",\"text\":\"words\"}\n");
        write("below/a.md", "words");
        write("below/b.jsonl", "{\"id\":\"own\",\"text\":\"words\"}\n");
        var reading = meeting("below/a.md", 1, () -> {
            move("below", "aside");
            link("below", elsewhere);
        });
        try (var source = Sources.open(declared("", LINES), reading)) {
            assertThatThrownBy(() -> Listed.of(source)).isInstanceOf(SourceException.class);
        }
    }

    @Test
    void readsNothingOfAnotherFolderThatTakesThePlaceOfOneAllTheTime(@TempDir Path elsewhere) throws Exception {
        Files.writeString(elsewhere.resolve("a.md"), "secret");
        Files.createDirectory(elsewhere.resolve("below"));
        Files.writeString(elsewhere.resolve("below/a.md"), "secret");
        write("source/below/a.md", "words");
        link("outside", elsewhere);
        try (var source = Sources.open(declared("source", null), reading());
                var threads = Executors.newSingleThreadExecutor()) {
            var file = Listed.of(source).entries().getFirst();
            var isOver = new AtomicBoolean();
            var swapping = threads.submit(() -> {
                while (!isOver.get()) {
                    swap("source/below");
                    swap("source");
                }
            });
            var read = new HashSet<String>();
            for (var i = 0; i < 20_000; i++) {
                try {
                    read.add(Listed.text(source, file));
                } catch (IOException replaced) {
                    // Or the folder was away in that moment.
                }
            }
            isOver.set(true);
            swapping.get();
            assertThat(read).containsExactly("words");
        }
    }

    /** A link that leads out is in a folder's place for a moment. */
    private void swap(String name) {
        move(name, "aside");
        move("outside", name);
        move(name, "outside");
        move("aside", name);
    }

    private void link(String name, Path target) {
        try {
            Files.createSymbolicLink(folder.resolve(name), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysWhenAFileCameToBeWhatItIsWhateverTimeItWasGiven() throws Exception {
        var before = Instant.now().minusSeconds(1);
        write("a.md", "words");
        Files.setLastModifiedTime(folder.resolve("a.md"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        write("b.jsonl", "{\"id\":1,\"text\":\"words\"}\n");
        Files.createSymbolicLink(folder.resolve("c.md"), Path.of("a.md"));
        assertThat(list(LINES).entries())
                .hasSize(3)
                .extracting(Entry::changedAt)
                .allSatisfy(changedAt -> assertThat(changedAt).isBetween(before, Instant.now()));
        try (var source = Sources.open(MAP, reading())) {
            assertThat(Listed.of(source).entries())
                    .as("the files of a mounted ConfigMap are as old as the pod")
                    .extracting(Entry::changedAt)
                    .containsOnlyNulls();
        }
    }

    @Test
    void listsTheFilesOfAMountedConfigMapOnce() throws Exception {
        write("..2024/a.md", "words");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2024"));
        Files.createSymbolicLink(folder.resolve("a.md"), Path.of("..data/a.md"));
        assertThat(ids(list(null))).contains("a.md").doesNotContain("..2024/a.md");
    }

    @Test
    void listsAConfigMapAnewThatIsReplacedWhileItIsListed() throws Exception {
        mount(1, Map.of("a.md", "one", "b.md", "one", "gone.md", "one"));
        var after = Map.of("a.md", "two", "b.md", "two", "new.md", "two");
        try (var source = Sources.open(MAP, meeting("b.md", 1, () -> mount(2, after)))) {
            var listed = Listed.of(source);
            assertThat(ids(listed)).containsExactly("a.md", "b.md", "new.md");
            assertThat(listed.entries())
                    .extracting(Entry::changeKey)
                    .containsOnly(Hash.of("two".getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Where the former files stay for a moment, of some keys these are listed, and of the others the new ones. */
    @Test
    void knowsWhatItReadOfAMixOfTwoConfigMapsAndKeepsNoneOfIt() throws Exception {
        mount(1, Map.of("a.md", "one", "b.md", "one", "c.md", "one"));
        var after = Map.of("a.md", "two", "b.md", "two", "c.md", "two");
        try (var source = Sources.open(MAP, meeting("b.md", 1, () -> point(2, after)))) {
            var mixed = Listed.of(source).entries();
            assertThat(mixed).extracting(Entry::id).containsExactly("a.md", "b.md", "c.md");
            assertThat(mixed.getFirst().changeKey())
                    .isNotEqualTo(mixed.getLast().changeKey());
            for (var entry : mixed) {
                var held = Listed.content(source, entry).held();
                assertThat(held.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("two");
                assertThat(held.isListed()).as(entry.id()).isEqualTo(entry == mixed.getLast());
            }
            assertThat(Listed.of(source).entries())
                    .extracting(Entry::changeKey)
                    .containsOnly(mixed.getLast().changeKey());
        }
    }

    @Test
    void tellsOfAKeyOfAConfigMapThatItIsNotWhatWasListed() throws Exception {
        mount(1, Map.of("a.md", "one", "b.md", "same"));
        try (var source = Sources.open(MAP, reading())) {
            var listed = Listed.of(source).entries();
            mount(2, Map.of("a.md", "two", "b.md", "same"));
            assertThat(Listed.content(source, listed.getFirst()).held().isListed())
                    .isFalse();
            assertThat(Listed.content(source, listed.getLast()).held().isListed())
                    .isTrue();
            mount(3, Map.of("b.md", "same"));
            assertThatThrownBy(() -> Listed.text(source, listed.getFirst()))
                    .as("whether it has gone or its folder isn't known, so the run fails in the end")
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(VanishedContent.class);
            mount(4, Map.of("a.md", "one", "b.md", "same"));
            assertThat(Listed.of(source).entries()).isEqualTo(listed);
        }
    }

    /** What a ConfigMap holds as {@code binaryData}, since it isn't UTF-8, is a file as any other by the time that it is mounted. */
    @Test
    void readsTheBytesOfKeysThatAreNoText() throws Exception {
        var pdf = new byte[] {'%', 'P', 'D', 'F', '-', (byte) 0xff, (byte) 0xfe, 0, 1};
        var latin = "Grüße".getBytes(StandardCharsets.ISO_8859_1);
        point(1, Map.of("a.pdf", "", "b.txt", ""));
        Files.write(folder.resolve("..v1/a.pdf"), pdf);
        Files.write(folder.resolve("..v1/b.txt"), latin);
        try (var source = Sources.open(MAP, reading())) {
            var entries = Listed.of(source).entries();
            assertThat(entries).extracting(Entry::id).containsExactly("a.pdf", "b.txt");
            assertThat(Listed.content(source, entries.getFirst()).read()).isEqualTo(pdf);
            assertThat(Listed.content(source, entries.getLast()).held().bytes()).isEqualTo(latin);
        }
    }

    /** As a kubelet does it: nobody ever sees a file that is half written. */
    private void mount(int version, Map<String, String> data) {
        try {
            var former = folder.resolve("..v" + (version - 1));
            point(version, data);
            if (!Files.exists(former)) {
                return;
            }
            try (var old = Files.list(former)) {
                for (var file : old.toList()) {
                    if (!data.containsKey(String.valueOf(file.getFileName()))) {
                        Files.delete(folder.resolve(file.getFileName()));
                    }
                    Files.delete(file);
                }
            }
            Files.delete(former);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same before it has removed the former files. */
    private void point(int version, Map<String, String> data) {
        try {
            for (var file : data.entrySet()) {
                write("..v%d/%s".formatted(version, file.getKey()), file.getValue());
            }
            Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..v" + version));
            Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            for (var name : data.keySet()) {
                if (!Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tellsAChangeByATimeThatIsAnotherWhetherItHasComeYet() throws Exception {
        var keys = new ArrayList<String>();
        for (var time : List.of(
                "2100-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "2200-01-01T00:00:00Z")) {
            write("a.md", "words");
            Files.setLastModifiedTime(folder.resolve("a.md"), FileTime.from(Instant.parse(time)));
            try (var source = Sources.open(declared("", null), reading())) {
                var entry = Listed.of(source).entries().getFirst();
                assertThat(Listed.content(source, entry).held().isListed()).isTrue();
                keys.add(entry.changeKey());
            }
        }
        assertThat(keys.getFirst()).isEqualTo(keys.get(1));
        assertThat(keys.subList(1, keys.size())).doesNotHaveDuplicates();
    }

    @Test
    void tellsOfAFileThatItIsNotWhatWasListed() throws Exception {
        write("a.md", "words");
        var listed = Files.getLastModifiedTime(folder.resolve("a.md"));
        try (var source = Sources.open(declared("", null), reading())) {
            var entry = Listed.of(source).entries().getFirst();
            assertThat(Listed.content(source, entry).held().isListed()).isTrue();
            write("a.md", "sword");
            Files.setLastModifiedTime(folder.resolve("a.md"), FileTime.fromMillis(1));
            assertThat(Listed.content(source, entry).held().isListed()).isFalse();
            write("a.md", "words");
            Files.setLastModifiedTime(folder.resolve("a.md"), listed);
            assertThat(Listed.of(source).entries().getFirst().changeKey())
                    .as("as if nothing had happened")
                    .isEqualTo(entry.changeKey());
        }
    }

    @Test
    void readsTheRulesOfWhoSeesTheFilesWhateverIsAskedForAndListsThemNotAsADocument() throws Exception {
        write("..2024/.access.yaml", RULES.formatted("group:hr"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2024"));
        Files.createSymbolicLink(folder.resolve(".access.yaml"), Path.of("..data/.access.yaml"));
        write("hr/a.md", "words");
        var declared = new SourceManifest(
                "files",
                new SourceManifest.Volume("data", ""),
                List.of("hr/**"),
                List.of("**/*.yaml"),
                null,
                null,
                new SourceManifest.Access("access", ".access.yaml"));
        var listing = Listed.of(Sources.open(declared, reading()));
        assertThat(ids(listing)).containsExactly("hr/a.md");
        assertThat(listing.passedOver()).isZero();
        assertThat(Objects.requireNonNull(listing.access()).of("hr/a.md").principals())
                .containsExactly("group:hr");

        write("..2024/.access.yaml", RULES.formatted("group:all"));
        assertThat(Listed.of(Sources.open(declared, reading())).position())
                .as("other rules are another listing")
                .isNotEqualTo(listing.position());
    }

    @Test
    void failsWithoutReadableRulesOfWhoSeesTheFiles() throws Exception {
        write("a.md", "words");
        var declared = declared("", null).with(new SourceManifest.Access("access", "policies/access.yaml"));
        for (var broken : List.of("", "rules: [{paths: a, principals: somebody}]", "x".repeat(300_000))) {
            if (!broken.isEmpty()) {
                write("policies/access.yaml", broken);
            }
            assertThatThrownBy(() -> Listed.of(Sources.open(declared, reading())))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceAccessInvalid))
                    .hasMessageContaining("policies/access.yaml");
        }
        write("policies/access.yaml", RULES.formatted("everyone"));
        Files.delete(folder.resolve("policies/access.yaml"));
        Files.createSymbolicLink(folder.resolve("policies/access.yaml"), Path.of("/etc/hostname"));
        assertThatThrownBy(() -> Listed.of(Sources.open(declared, reading())))
                .as("a link that leaves the source is none")
                .hasMessageContaining("is missing");
    }

    /** They are written anew for each pod, so their times tell nothing. */
    @Test
    void tellsAChangedKeyOfAConfigMapByWhatItHolds() throws Exception {
        write("a.md", "words");
        write("b.md", "same");
        var before = Listed.of(Sources.open(MAP, reading())).entries();
        write("a.md", "other");
        Files.setLastModifiedTime(folder.resolve("b.md"), java.nio.file.attribute.FileTime.fromMillis(1));
        var after = Listed.of(Sources.open(MAP, reading())).entries();
        assertThat(after.getFirst().changeKey()).isNotEqualTo(before.getFirst().changeKey());
        assertThat(after.getLast().changeKey()).isEqualTo(before.getLast().changeKey());
    }

    @Test
    void neverLeavesTheVolumeByItsPath() throws Exception {
        write("a.md", "words");
        Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
        for (var path : List.of("..", "../..", "/etc", "a.md", "missing", "up")) {
            fails(FailureReason.SourceInvalid, path).hasMessageContaining("volume.path");
        }
    }

    @Test
    void takesAnEmptyFolderAndAVanishedVolumeForAMistake() throws Exception {
        fails(FailureReason.SourceEmpty, "").hasMessageContaining("nothing was changed");
        write("logo.png", "image");
        fails(FailureReason.SourceEmpty, "");
        var declared = declared("", null);
        var gone = new Reading(mount -> folder.resolve("gone"), folder, 1 << 20, path -> false);
        assertThatThrownBy(() -> Listed.of(Sources.open(declared, gone)))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceUnreachable))
                .hasMessageContaining("nothing was changed");
    }

    @Test
    void failsWhereAFolderMayNotBeReadAndTellsWhich() throws Exception {
        write("a.md", "words");
        write("closed/b.md", "words");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (var rights : List.of("---------", "r--r--r--", "--x--x--x")) {
            Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString(rights));
            OrdinaryUser.whileOne(() -> fails(FailureReason.SourceUnreachable, "")
                    .hasMessageContaining("nothing was changed")
                    .hasMessageContaining("AccessDenied")
                    .hasMessageContaining("closed"));
        }
        Files.setPosixFilePermissions(folder.resolve("closed"), PosixFilePermissions.fromString("r-xr-xr-x"));
        OrdinaryUser.whileOne(() -> assertThat(ids(list(null))).containsExactly("a.md", "closed/b.md"));
    }

    @Test
    void losesNothingOfAFolderThatIsRenamedWhileItIsListed() throws Exception {
        write("a/one.md", "words");
        write("b/trigger.md", "words");
        write("c/two.md", "words");
        write("c/deep/three.md", "words");
        // Its new name was passed already, and of its old one nothing is left.
        assertThat(ids(listWhile("b/trigger.md", 1, () -> move("c", "a/moved"))))
                .containsExactly("a/moved/deep/three.md", "a/moved/two.md", "a/one.md", "b/trigger.md");
    }

    @Test
    void losesNoFileThatIsRenamedWhileItIsListed() throws Exception {
        write("b.md", "words");
        write("c.md", "words");
        assertThat(ids(listWhile("b.md", 1, () -> move("c.md", "a.md")))).containsExactly("a.md", "b.md");
    }

    @Test
    void failsWhereFoldersGoEachTimeThatItIsListed() throws Exception {
        write("a.md", "words");
        write("b/trigger.md", "words");
        write("c0/two.md", "words");
        var turn = new AtomicInteger();
        assertThatThrownBy(() -> listWhile("b/trigger.md", Integer.MAX_VALUE, () -> {
                    var number = turn.getAndIncrement();
                    move("c" + number, "c" + (number + 1));
                }))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceUnreachable))
                .hasMessageContaining("folders went while it was listed")
                .hasMessageContaining("nothing was changed");
    }

    @Test
    void listsAFolderInWhichFilesComeAndGoAllTheTime() throws Exception {
        write("a.md", "words");
        write("b0.md", "words");
        var turn = new AtomicInteger();
        var listing = listWhile("a.md", Integer.MAX_VALUE, () -> {
            var number = turn.getAndIncrement();
            move("b" + number + ".md", "b" + (number + 1) + ".md");
        });
        assertThat(ids(listing)).contains("a.md");
        assertThat(turn).as("read again").hasValueGreaterThan(1);
    }

    /** The listing, during which this happens each time that a file is met. */
    private Listed listWhile(String file, int times, Runnable happening) {
        try (var source = Sources.open(declared("", null), meeting(file, times, happening))) {
            return Listed.of(source);
        }
    }

    private Reading meeting(String file, int times, Runnable happening) {
        var left = new AtomicInteger(times);
        return new Reading(mount -> folder, folder, 1 << 20, path -> {
            if (path.equals(file) && left.getAndDecrement() > 0) {
                happening.run();
            }
            return false;
        });
    }

    private void move(String from, String to) {
        try {
            Files.move(folder.resolve(from), folder.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keepsTheFirstOfTwoDocumentsWithOneIdWhateverComesBetween() throws Exception {
        write("a.jsonl", "{\"id\":1,\"text\":\"first\"}\n{\"id\":\"1\",\"text\":\"second\"}\n");
        write("b.jsonl", "{\"id\":1,\"text\":\"third\"}\n");
        var before = list(LINES);
        assertThat(ids(before)).containsExactly("1", "a.jsonl#L2 DuplicateId", "b.jsonl#L1 DuplicateId");
        assertThat(text(before.entries().getFirst())).contains("first");
        assertThat(list(LINES).position()).isEqualTo(before.position());
    }

    @Test
    void tellsOfEachEntryWhosePlaceIsTheIdOfAnother() throws Exception {
        write("a.jsonl", """
                {"id": "z.md", "text": "first"}
                {"id": "big.md", "text": "first"}
                {"id": "z.md", "text": "second"}
                {"id": "b.jsonl#L1", "text": "first"}
                {"id": "unnamed-0123456789abcdef0123456789abcdef", "text": "as if it had been called so"}
                """);
        write("a.jsonl#L3", "words");
        write("b.jsonl", "{\"id\": \"z.md\", \"text\": \"third\"}\nno json");
        write("b.jsonl#L2", "words");
        write("big.md", "x".repeat((1 << 20) + 1));
        write("z.md", "words");
        var listing = list(LINES);
        assertThat(listing.entries()).extracting(Entry::id).isSorted();
        assertThat(ids(listing))
                .filteredOn(id -> !id.startsWith("unnamed-"))
                .containsExactly(
                        "a.jsonl#L3", "a.jsonl#L5 BadId", "b.jsonl#L1", "b.jsonl#L2 BrokenJson", "big.md", "z.md");
        assertThat(text(listing.entries().getLast())).contains("first");
        assertThat(listing.entries())
                .filteredOn(entry -> entry.id().startsWith("unnamed-"))
                .extracting(entry -> ((Entry.Unreadable) entry))
                .extracting(told -> told.reason() + " " + told.message().replaceFirst(": .*", ""))
                .containsExactlyInAnyOrder(
                        "DuplicateId a.jsonl#L3",
                        "DuplicateId b.jsonl#L1",
                        "DuplicateId b.jsonl#L2",
                        "TooLarge big.md",
                        "DuplicateId z.md");
        assertThat(list(LINES).position()).isEqualTo(listing.position());
    }

    /** More than memory takes, so that files are sorted and merged. */
    @Test
    void tellsOfEachRepetitionAmongManyDocuments() throws Exception {
        var lines = new StringBuilder();
        for (var i = 0; i < MANY; i++) {
            lines.append("{\"id\":\"n%d\",\"text\":\"words\"}\n".formatted(i * 7_919 % MANY));
        }
        write("a.jsonl", lines.toString());
        write("b.jsonl", lines.append("{\"id\":\"a.jsonl\",\"text\":\"words\"}").toString());
        try (var source = Sources.open(declared("", LINES), reading());
                var spools = Spools.in(folder.resolve("spools"))) {
            var listing = source.list(spools);
            assertThat(listing.entries().size()).isEqualTo(2 * MANY + 1);
            var last = "";
            var repetitions = 0;
            try (var entries = listing.entries().open()) {
                while (entries.hasNext()) {
                    var entry = entries.next();
                    assertThat(entry.id()).isGreaterThan(last);
                    last = entry.id();
                    repetitions += entry instanceof Entry.Unreadable ? 1 : 0;
                }
            }
            assertThat(repetitions).isEqualTo(MANY);
        }
        assertThat(folder.resolve("spools")).isEmptyDirectory();
    }

    @Test
    void asksInEachFolderWhetherTheRunGoesOn() throws Exception {
        write("a/b/c.md", "words");
        write("d/e.md", "words");
        var asked = new AtomicInteger();
        try (var source = Sources.open(declared("", null), reading());
                var spools = Spools.in(folder.resolve("spools"))) {
            var before = Before.nothing(spools);
            source.list(spools, new Before(null, before.documents(), asked::incrementAndGet));
            assertThat(asked).as("the root, a, a/b and d").hasValue(4);
        }
    }

    @Test
    void tellsOfEachLineThatIsNoDocument() throws Exception {
        write("a.jsonl", """
                {"id": "ok", "text": "words", "n": 1}\r
                {"id": "cut", "text": "wor
                not json
                [1]

                {"text": "x"}
                {"id": null, "text": "x"}
                {"id": "  ", "text": "x"}
                {"id": {"a": 1}, "text": "x"}
                {"id": "a", "text": 7}
                {"id": "b"}
                {"id": "tab\\there", "text": "x"}
                {"id": "half\\ud800", "text": "x"}
                {"id": "%s", "text": "x"}
                """.formatted("i".repeat(8_192)));
        write("deep.jsonl", "{\"id\":\"deep\",\"text\":\"x\",\"m\":" + "[".repeat(100_000) + "\n");
        write(
                "long.jsonl",
                "{\"id\":\"long\",\"text\":\"" + "x".repeat(2 << 20) + "\"}\n{\"id\":\"last\",\"text\":\"x\"}");
        assertThat(ids(list(LINES)))
                .containsExactlyInAnyOrder(
                        "ok",
                        "a.jsonl#L2 BrokenJson",
                        "a.jsonl#L3 BrokenJson",
                        "a.jsonl#L4 BrokenJson",
                        "a.jsonl#L6 MissingId",
                        "a.jsonl#L7 MissingId",
                        "a.jsonl#L8 MissingId",
                        "a.jsonl#L9 MissingId",
                        "a.jsonl#L10 MissingText",
                        "a.jsonl#L11 MissingText",
                        "a.jsonl#L12 BadId",
                        "a.jsonl#L13 BadId",
                        "a.jsonl#L14 BadId",
                        "deep.jsonl#L1 BrokenJson",
                        "long.jsonl#L1 TooLarge",
                        "last");
    }

    @Test
    void takesLinesThatAreAllBrokenForAMistakeOfTheDeclaration() throws Exception {
        write("a.jsonl", "{\"_id\":\"1\",\"text\":\"x\"}\n{\"_id\":\"2\",\"text\":\"x\"}\n");
        assertThatThrownBy(() -> list(LINES))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceInvalid))
                .hasMessageContaining("none of its 2 entries")
                .hasMessageContaining("jsonl.idField");
    }

    @Test
    void readsNoLineOfAFileThatWasReplacedMeanwhile() throws Exception {
        write("a.jsonl", "{\"id\":1,\"text\":\"first\"}\n{\"id\":2,\"text\":\"second\"}\n");
        var entries = list(LINES).entries();
        write("a.jsonl", "{\"id\":2,\"text\":\"second\"}\n{\"id\":1,\"text\":\"first\"}\n");
        assertThatThrownBy(() -> text(entries.getFirst())).isInstanceOf(IOException.class);
        write("a.jsonl", "");
        assertThatThrownBy(() -> text(entries.getLast())).isInstanceOf(IOException.class);
    }

    private Listed list(SourceManifest.@Nullable JsonLines lines) {
        try (var source = Sources.open(declared("", lines), reading())) {
            return Listed.of(source);
        }
    }

    private static SourceManifest declared(String path, SourceManifest.@Nullable JsonLines lines) {
        return new SourceManifest("files", new SourceManifest.Volume("data", path), List.of(), List.of(), null, lines);
    }

    private Reading reading() {
        return new Reading(mount -> folder, folder, 1 << 20, path -> path.endsWith(".png"));
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> fails(
            FailureReason reason, String path) {
        return assertThatThrownBy(() -> Listed.of(Sources.open(declared(path, null), reading())))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private static List<String> ids(Listed listing) {
        return listing.entries().stream()
                .map(entry -> entry instanceof Entry.Unreadable unreadable
                        ? entry.id() + " " + unreadable.reason()
                        : entry.id())
                .toList();
    }

    private static String text(Entry line) throws IOException {
        return new String(new LineContent((Entry.Line) line).read(), StandardCharsets.UTF_8);
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private void pipe(String name) throws Exception {
        var mkfifo = new ProcessBuilder("mkfifo", folder.resolve(name).toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
