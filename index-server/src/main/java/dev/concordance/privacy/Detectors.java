package dev.concordance.privacy;

import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import dev.concordance.privacy.finding.PlainText;
import dev.concordance.privacy.personal.Cards;
import dev.concordance.privacy.personal.Emails;
import dev.concordance.privacy.personal.Ibans;
import dev.concordance.privacy.personal.NationalIds;
import dev.concordance.privacy.personal.Phones;
import dev.concordance.privacy.secret.NamedSecrets;
import dev.concordance.privacy.secret.PrivateKeys;
import dev.concordance.privacy.secret.Tokens;
import dev.concordance.privacy.secret.UrlPasswords;
import dev.concordance.privacy.suspicious.HiddenCharacters;
import dev.concordance.privacy.suspicious.Instructions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All that a policy has looked for. Immutable. */
final class Detectors {
    private final List<Detector> readers;
    private final boolean hidden;

    /** Those of a policy. */
    Detectors(Privacy privacy) {
        readers = privacy.actions().keySet().stream()
                .flatMap(kind -> of(kind, privacy).stream())
                .toList();
        hidden = privacy.actions().containsKey(Kind.HiddenText);
    }

    /** What is found in a text, in its order; findings of different detectors may overlap. */
    List<Finding> find(String text) {
        var found = new ArrayList<Finding>();
        if (!readers.isEmpty()) {
            var plain = PlainText.of(text);
            readers.forEach(detector -> detector.find(plain.text(), finding -> found.add(plain.original(finding))));
        }
        if (hidden) {
            new HiddenCharacters().find(text, found::add);
        }
        found.sort(Comparator.comparingInt(Finding::start).thenComparing(Finding::kind));
        return found;
    }

    /** Those that read the text as it looks. */
    private static List<Detector> of(Kind kind, Privacy privacy) {
        return switch (kind) {
            case Email -> List.of(new Emails());
            case Phone -> List.of(new Phones(privacy.phoneRegions()));
            case Card -> List.of(new Cards());
            case Iban -> List.of(new Ibans());
            case NationalId -> List.of(new NationalIds());
            case Secret -> List.of(new PrivateKeys(), new Tokens(), new UrlPasswords(), new NamedSecrets());
            case HiddenText -> List.of();
            case InstructionInjection -> List.of(new Instructions());
        };
    }
}
