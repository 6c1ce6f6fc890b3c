package dev.concordance.access;

import dev.concordance.manifest.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may see a document.
 *
 * @param principals in order, each once; nobody else may
 * @param problem why nobody may, where that was not said; null: it was said who may
 */
public record Acl(List<String> principals, @Nullable String problem) {
    public Acl {
        principals = List.copyOf(principals);
    }

    /**
     * What a document says: a name, names separated by commas, or a list of names. Nobody may see what isn't understood, and why
     * is told without a word of the document, which its corpus may keep out of a status.
     */
    public static Acl of(String field, @Nullable Object value) {
        if (value == null) {
            return nobody("it has no field %s, which says who may see it: add it".formatted(field));
        }
        try {
            return new Acl(Principals.of(names(value)), null);
        } catch (InvalidAccess e) {
            return nobody("its field %s says nobody who may see it: %s".formatted(field, e.unquoted()));
        }
    }

    /** Nobody may see it, for this reason. */
    static Acl nobody(String problem) {
        return new Acl(List.of(), problem);
    }

    /** Who an index lets see a document, as it is stored. */
    public static Acl stored(List<String> principals) {
        return new Acl(principals, null);
    }

    /** Tells apart whom it lets in. */
    public String digest() {
        var digest = new Fingerprint("acl/1");
        for (var principal : principals) {
            digest = digest.with("principal", principal);
        }
        return digest.digest();
    }

    static List<String> names(Object value) throws InvalidAccess {
        if (value instanceof String text) {
            return Principals.split(text).toList();
        }
        if (value instanceof Map<?, ?> || !(value instanceof Iterable<?> list)) {
            throw new InvalidAccess("write a principal or a list of principals, such as [group:staff, user:alice]");
        }
        var names = new ArrayList<String>();
        for (var each : list) {
            if (!(each instanceof String name)) {
                throw new InvalidAccess("write each principal without a space after its colon, as in group:staff");
            }
            names.add(name);
            if (names.size() > Principals.MOST) {
                break;
            }
        }
        return names;
    }
}
