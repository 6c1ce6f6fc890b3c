package dev.concordance.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolsTest {
    private static final int IN_MEMORY = 8;

    @TempDir
    private Path folder;

    /** Elements are ordered by their keys alone. */
    private record Element(int key, String text) {
        static final Comparator<Element> ORDER = Comparator.comparing(Element::key);

        static final Codec<Element> CODEC = new Codec<>() {
            @Override
            public void write(Element element, DataOutput out) throws IOException {
                out.writeInt(element.key());
                Codec.writeString(element.text(), out);
            }

            @Override
            public Element read(DataInput in) throws IOException {
                return new Element(in.readInt(), Codec.readText(in));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY, 1_000})
    void sortsAndKeepsTheOrderOfEquals(int count) {
        var random = new Random(count);
        var elements = new ArrayList<Element>();
        for (var i = 0; i < count; i++) {
            elements.add(new Element(random.nextInt(20), "№ " + i));
        }
        try (var spools = Spools.in(folder, IN_MEMORY)) {
            var sorter = spools.sorter(Element.CODEC, Element.ORDER);
            elements.forEach(sorter::add);

            var sorted = sorter.end();

            elements.sort(Element.ORDER);
            assertThat(sorted.size()).isEqualTo(count);
            assertThat(all(sorted.open())).isEqualTo(elements);
            assertThat(all(sorted.open())).as("a second time").isEqualTo(elements);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, IN_MEMORY, IN_MEMORY + 1, 1_000})
    void keepsElementsAsTheyCame(int count) {
        try (var spools = Spools.in(folder, IN_MEMORY)) {
            var spool = spools.spool(Element.CODEC);
            var elements = new ArrayList<Element>();
            for (var i = count; i > 0; i--) {
                elements.add(new Element(i, "x".repeat(i)));
                spool.add(elements.getLast());
            }

            assertThat(all(spool.end().open())).isEqualTo(elements);
        }
    }

    @Test
    void writesNoFileForWhatFitsInMemoryAndLeavesNoneBehind() {
        try (var spools = Spools.in(folder, IN_MEMORY)) {
            var spool = spools.spool(Element.CODEC);
            for (var i = 0; i < IN_MEMORY; i++) {
                spool.add(new Element(i, ""));
            }
            assertThat(folder).isEmptyDirectory();
            spool.add(new Element(IN_MEMORY, ""));
            assertThat(folder).isNotEmptyDirectory();
            assertThat(spool.end().size()).isEqualTo(IN_MEMORY + 1);
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static List<Element> all(Cursor<Element> cursor) {
        try (cursor) {
            var all = new ArrayList<Element>();
            cursor.forEachRemaining(all::add);
            return all;
        }
    }

    @Test
    void givesPiecesOfBytesInAnyOrderAndTakesNoMoreThanItMay() throws Exception {
        try (var spools = Spools.in(folder);
                var pieces = spools.bytes(8)) {
            var first = pieces.add(new byte[] {1, 2, 3});
            var empty = pieces.add(new byte[0]);
            var second = pieces.add(new byte[] {4, 5});
            assertThat(pieces.add(new byte[] {6, 7, 8, 9})).isNegative();
            assertThat(pieces.read(second, 2)).containsExactly(4, 5);
            assertThat(pieces.read(empty, 0)).isEmpty();
            assertThat(pieces.read(first, 3)).containsExactly(1, 2, 3);
        }
    }
}
