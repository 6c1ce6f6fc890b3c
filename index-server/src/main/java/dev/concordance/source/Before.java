package dev.concordance.source;

import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a listing can ask the run that it is for.
 *
 * @param position of the listing that the generation holds; null: there is none, or everything is to be listed anew
 * @param documents what is known of the source, in the order of ids; read only by who asks
 * @param stop throws if the run shall end; to be called while a listing waits
 */
public record Before(@Nullable String position, Supplier<Sequence<Indexed>> documents, Runnable stop) {
    /** What a first run knows, which nobody stops. */
    public static Before nothing(Spools spools) {
        return new Before(null, () -> spools.spool(Indexed.CODEC).end(), () -> {});
    }
}
