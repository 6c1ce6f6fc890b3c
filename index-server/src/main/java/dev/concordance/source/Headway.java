package dev.concordance.source;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Whether a listing of pages gets on. One that gives keys again, under whatever tokens, never comes to its end, or leaves out
 * those that belong there. Keys needn't ascend: those of Amazon's directory buckets don't.
 */
final class Headway {
    /** Where very many objects were deleted whose versions are kept, pages may hold nothing for a while. */
    static final int MOST_EMPTY_PAGES = 10_000;

    private @Nullable String last;
    private @Nullable String landmark;
    private long pages;
    private long nextLandmark = 1;
    private int emptyPages;

    /**
     * Takes the next page. A landmark, further on each time that the number of pages has doubled, is met again by any listing that goes
     * round in circles, however long they are.
     */
    void take(List<S3Object> page) throws IOException {
        if (page.isEmpty()) {
            emptyPages++;
            if (emptyPages > MOST_EMPTY_PAGES) {
                throw new IOException("more than %d pages of the listing in a row hold no keys and aren't the last"
                        .formatted(MOST_EMPTY_PAGES));
            }
            return;
        }
        emptyPages = 0;
        for (var object : page) {
            if (object.key().equals(last) || object.key().equals(landmark)) {
                throw new IOException("the listing repeats itself: it has keys again that an earlier page had");
            }
        }
        last = page.getFirst().key();
        pages++;
        if (pages == nextLandmark) {
            landmark = last;
            nextLandmark *= 2;
        }
    }
}
