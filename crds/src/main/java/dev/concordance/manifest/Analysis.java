package dev.concordance.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts become the words by which they are found.
 *
 * @param language whose rules cut words down to their stems, by the name of Elasticsearch's analyzer; {@link #NONE}: none's
 * @param stopWords that are not indexed; null: the language's own
 */
public record Analysis(String language, @Nullable List<String> stopWords) {
    /** Words are taken as they are, in lower case. */
    public static final String NONE = "none";

    /** Where nothing is declared. */
    public static final Analysis DEFAULT = new Analysis("english", null);

    /** Those of Elasticsearch's analyzers that every installation of it has. */
    public static final List<String> LANGUAGES = List.of(
            NONE,
            "arabic",
            "armenian",
            "basque",
            "bengali",
            "brazilian",
            "bulgarian",
            "catalan",
            "cjk",
            "czech",
            "danish",
            "dutch",
            "english",
            "estonian",
            "finnish",
            "french",
            "galician",
            "german",
            "greek",
            "hindi",
            "hungarian",
            "indonesian",
            "irish",
            "italian",
            "latvian",
            "lithuanian",
            "norwegian",
            "persian",
            "portuguese",
            "romanian",
            "russian",
            "sorani",
            "spanish",
            "swedish",
            "thai",
            "turkish");

    public Analysis {
        stopWords = stopWords == null ? null : List.copyOf(stopWords);
    }

    /** The analyzer's name in Elasticsearch. */
    String analyzer() {
        return language.equals(NONE) ? "standard" : language;
    }
}
