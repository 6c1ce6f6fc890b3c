package dev.concordance.manifest;

import java.util.Arrays;

/** The part of a limit that one of several workers side by side gets; a limit of 0 is none. */
final class Share {
    private Share() {}

    /** With no more workers than {@link #most}, all parts together are no more than the limit. */
    static long of(long limit, int workers) {
        return limit == 0 ? 0 : Math.max(1, limit / workers);
    }

    /** Among how many workers all of these limits can be divided, each of whom gets 1 at least. */
    static int most(long... limits) {
        return (int) Arrays.stream(limits).filter(limit -> limit > 0).reduce(Integer.MAX_VALUE, Math::min);
    }
}
