package dev.concordance.parse;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads YAML that somebody else wrote: bounded in length and in what aliases make of it. */
public final class Yaml {
    private static final int MOST_ALIASES = 10;

    private Yaml() {}

    /**
     * Maps, lists, strings, numbers and booleans; nothing if it isn't YAML, is empty, has a key twice or more aliases of
     * collections than can be meant.
     *
     * @param longest text that is read, in code points
     */
    public static Optional<Object> read(String text, int longest) {
        var settings = LoadSettings.builder()
                .setCodePointLimit(longest)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setAllowDuplicateKeys(false)
                .build();
        try {
            return Optional.ofNullable(new Load(settings).loadFromString(text));
        } catch (YamlEngineException | StackOverflowError e) {
            return Optional.empty();
        }
    }
}
