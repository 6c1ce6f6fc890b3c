package dev.concordance.replay;

import java.util.Random;

/** When a worker is killed. */
sealed interface Moment {

    /**
     * As it has sent a request to Elasticsearch that is not answered any more.
     *
     * @param number of the request among those of its kind, from 1
     * @param writing whether only requests that write to the generation or keep vectors count, else all
     * @param done whether Elasticsearch still gets the request
     */
    record AtRequest(int number, boolean writing, boolean done) implements Moment {}

    /**
     * As it has sent texts to the model.
     *
     * @param number of the request, from 1
     */
    record AtEmbedding(int number) implements Moment {}

    /** After this part of the time that the last undisturbed run took. */
    record AfterPart(double part) implements Moment {}

    /** One of them all. */
    static Moment draw(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new AtRequest(1 + random.nextInt(16), false, random.nextBoolean());
            case 1, 2 -> new AtRequest(1 + random.nextInt(5), true, random.nextBoolean());
            case 3 -> new AtEmbedding(1 + random.nextInt(2));
            default -> new AfterPart(0.2 + 0.8 * random.nextDouble());
        };
    }
}
