package dev.concordance.erasure;

import dev.concordance.manifest.Tombstones;
import dev.concordance.spool.Spools;
import java.util.Set;

/** Finds keys of covered documents among all that was pushed to a corpus. */
public interface PushedSearch {
    /** All of them; asked only while there is an inbox. */
    Set<String> find(Tombstones tombstones, Spools spools);
}
