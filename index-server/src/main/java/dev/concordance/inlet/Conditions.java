package dev.concordance.inlet;

import dev.concordance.endpoint.Problem;
import dev.concordance.inbox.Condition;
import dev.concordance.inbox.Version;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code If-Match} and {@code If-None-Match} (RFC 9110, section 13.1); throws {@link Problem}. */
final class Conditions {
    private static final String ANY = "*";
    private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");

    private Conditions() {}

    static Condition of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch != null && ifNoneMatch != null) {
            throw Problem.invalid("send If-Match or If-None-Match, not both", "If-None-Match");
        }
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals(ANY)) {
                throw Problem.invalid(
                        "If-None-Match: only * is understood, which holds if there is no such document",
                        "If-None-Match");
            }
            return new Condition.Absent();
        }
        if (ifMatch == null) {
            return new Condition.None();
        }
        return ifMatch.strip().equals(ANY) ? new Condition.Present() : tags(ifMatch);
    }

    /** Weak tags, and those that were never given here, match nothing (RFC 9110, section 8.8.3.2). */
    private static Condition tags(String header) {
        var versions = new HashSet<Version>();
        for (var each : header.split(",", -1)) {
            var tag = TAG.matcher(each.strip());
            if (!tag.matches()) {
                throw Problem.invalid(
                        "If-Match: expected * or the ETag of an answer with its quotes, such as \"17-1\"", "If-Match");
            }
            if (tag.group(1) == null) {
                Version.parse(tag.group(2)).ifPresent(versions::add);
            }
        }
        return new Condition.OneOf(versions);
    }
}
