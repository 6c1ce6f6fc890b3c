package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is looked for in documents before anything of them is cut, embedded or stored, and what is done about it.
 *
 * @param actions by what is looked for; nothing is looked for that isn't in it
 * @param phoneRegions countries (ISO 3166-1, two letters) whose phone numbers are known without a country code
 */
public record Privacy(Map<Kind, Action> actions, List<String> phoneRegions) {
    /** Documents are taken as they are. */
    public static final Privacy NONE = new Privacy(Map.of(), List.of());

    /** Raised whenever something else is found in the same text, so that generations with transforms are built anew. */
    private static final int DETECTORS = 3;

    public Privacy {
        var ordered = new EnumMap<Kind, Action>(Kind.class);
        ordered.putAll(actions);
        actions = Collections.unmodifiableMap(ordered);
        phoneRegions = List.copyOf(phoneRegions);
    }

    /** Whether documents are taken as they are. */
    @JsonIgnore
    public boolean isNone() {
        return actions.isEmpty();
    }

    /** Whether something is only marked, so that passages can have signals. */
    @JsonIgnore
    public boolean hasSignals() {
        return actions.containsValue(Action.Signal);
    }

    /** Two of the same digest make the same of every document. */
    @JsonIgnore
    public String digest() {
        return new Fingerprint("privacy/1")
                .with("detectors", DETECTORS)
                .with("actions", actions)
                .with("phoneRegions", phoneRegions)
                .digest();
    }

    /** What can be found. */
    public enum Kind {
        Email(QuarantineReason.PersonalData, "[EMAIL]"),
        Phone(QuarantineReason.PersonalData, "[PHONE]"),
        Card(QuarantineReason.PersonalData, "[CARD]"),
        Iban(QuarantineReason.PersonalData, "[IBAN]"),
        NationalId(QuarantineReason.PersonalData, "[NATIONAL_ID]"),
        Secret(QuarantineReason.Secrets, "[SECRET]"),
        HiddenText(QuarantineReason.SuspiciousText, ""),
        InstructionInjection(QuarantineReason.SuspiciousText, "");

        private final QuarantineReason reason;
        private final String placeholder;

        Kind(QuarantineReason reason, String placeholder) {
            this.reason = reason;
            this.placeholder = placeholder;
        }

        /** Why a document that holds it is in quarantine, if it is. */
        public QuarantineReason reason() {
            return reason;
        }

        /** What stands in its place where it is redacted; empty where it never is. */
        public String placeholder() {
            return placeholder;
        }
    }

    /** What is done about a finding. */
    public enum Action {
        /** A placeholder takes its place. */
        Redact,
        /** The document is not indexed. */
        Quarantine,
        /** The passage that it is in is marked. */
        Signal
    }
}
