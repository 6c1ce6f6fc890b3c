package dev.concordance.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTest {
    @Test
    void holdsEachDocumentInOneShardAndAboutAsManyInEach() {
        var keys = IntStream.range(0, 8_000)
                .mapToObj(i -> DocumentKey.of("site", "docs/" + i))
                .toList();
        for (var count : new int[] {1, 2, 7, 16}) {
            var shards = IntStream.range(0, count)
                    .mapToObj(number -> new Shard(number, count))
                    .toList();
            assertThat(keys)
                    .allMatch(key ->
                            shards.stream().filter(shard -> shard.holds(key)).count() == 1);
            for (var shard : shards) {
                assertThat(keys.stream().filter(shard::holds).count()).isBetween(6_800L / count, 9_200L / count);
            }
        }
    }

    @Test
    void refusesAShardThatThereIsNot() {
        assertThatThrownBy(() -> new Shard(4, 4)).hasMessage("there is no shard 4 of 4");
        assertThatThrownBy(() -> new Shard(-1, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
