package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.operator.testing.Models;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Among how many runs a corpus divides what it may ask for. */
final class SharingTest {
    private final CorpusWorld world = new CorpusWorld();

    @Test
    void countsWhatServesWhatIsBuiltAndWhatIsKeptFresh() {
        world.release = new DeclaredRelease(
                false, Optional.empty(), Optional.empty(), Duration.ofHours(1), 1, Optional.empty());
        world.settle(1);
        assertThat(runs()).as("a first build is alone").isOne();
        world.finishRuns(3);
        world.settle(1);
        assertThat(runs()).isOne();
        world.chunkTokens = 128;
        world.settle(1);
        assertThat(runs()).isEqualTo(2);
        world.finishRuns(3);
        world.settle(1);
        assertThat(world.live()).isEqualTo(2);
        assertThat(runs()).as("the former one is kept fresh").isEqualTo(2);
        world.pass(Duration.ofHours(2));
        assertThat(runs()).isOne();
    }

    @Test
    void takesTurnsWhereALimitIsOne() {
        var four = Models.at("https://one.example.com");
        assertThat(new Sharing(world.desired(), List.of(), 2).allows(2)).isTrue();
        world.model = four;
        assertThat(new Sharing(world.desired(), List.of(), 2).allows(2)).isTrue();
        world.model = four.with(four.access().dividedBy(4));
        assertThat(new Sharing(world.desired(), List.of(), 2).allows(2)).isFalse();
    }

    @Test
    void keepsNoFormerGenerationFreshAtTheCostOfAnother() {
        world.release = new DeclaredRelease(
                false, Optional.empty(), Optional.empty(), Duration.ofHours(1), 1, Optional.empty());
        var four = Models.at("https://one.example.com");
        world.model = four.with(four.access().dividedBy(4));
        for (var tokens : new int[] {256, 128}) {
            world.chunkTokens = tokens;
            world.settle(1);
            world.finishRuns(3);
            world.settle(1);
        }
        world.pass(Duration.ofMinutes(14).plusSeconds(30));
        world.settle(1);
        assertThat(world.runs.values().stream().filter(SeenRun::isUnfinished))
                .hasSize(1)
                .allMatch(run -> run.fills(2));
    }

    private int runs() {
        return Sharing.runs(world.stored(), world.desired(), world.release, world.now);
    }
}
