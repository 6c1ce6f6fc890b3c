package dev.concordance.inbox;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has to hold of a document for a change to be made. */
public sealed interface Condition {
    /** Whether it holds; a document that isn't there has no version. */
    boolean holds(@Nullable Version now);

    /** Nothing. */
    record None() implements Condition {
        @Override
        public boolean holds(@Nullable Version now) {
            return true;
        }
    }

    /** It is there. */
    record Present() implements Condition {
        @Override
        public boolean holds(@Nullable Version now) {
            return now != null;
        }
    }

    /** It isn't there. */
    record Absent() implements Condition {
        @Override
        public boolean holds(@Nullable Version now) {
            return now == null;
        }
    }

    /** It has one of these versions. */
    record OneOf(Set<Version> versions) implements Condition {
        public OneOf {
            versions = Set.copyOf(versions);
        }

        @Override
        public boolean holds(@Nullable Version now) {
            return now != null && versions.contains(now);
        }
    }
}
