package dev.concordance.source;

import dev.concordance.spool.Sequence;
import java.util.function.Supplier;

/**
 * What a listing can ask the run that it is for.
 *
 * @param documents what is known of the source, in the order of ids; read only by who asks
 * @param stop throws if the run shall end; to be called while a listing waits
 */
public record Before(Supplier<Sequence<Indexed>> documents, Runnable stop) {}
