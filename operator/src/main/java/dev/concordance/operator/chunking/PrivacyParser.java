package dev.concordance.operator.chunking;

import dev.concordance.api.v1alpha1.PrivacyTransforms;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.Privacy.Action;
import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.InvalidSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the transforms of a ChunkingPolicy. */
final class PrivacyParser {
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private PrivacyParser() {}

    static Privacy parse(@Nullable PrivacyTransforms declared) {
        if (declared == null) {
            return Privacy.NONE;
        }
        var actions = new EnumMap<Kind, Action>(Kind.class);
        for (var kind : Kind.values()) {
            put(actions, kind, declared);
        }
        if (actions.isEmpty()) {
            throw new InvalidSpec("spec.privacy: say what to look for, such as email: Redact, or leave privacy out");
        }
        return new Privacy(actions, regions(declared, actions));
    }

    private static void put(Map<Kind, Action> actions, Kind kind, PrivacyTransforms declared) {
        var value = switch (kind) {
            case Email -> declared.email();
            case Phone -> declared.phone();
            case Card -> declared.card();
            case Iban -> declared.iban();
            case NationalId -> declared.nationalId();
            case Secret -> declared.secret();
            case HiddenText -> declared.hiddenText();
            case InstructionInjection -> declared.instructionInjection();
        };
        if (value == null) {
            return;
        }
        var field = "spec.privacy." + Character.toLowerCase(kind.name().charAt(0))
                + kind.name().substring(1);
        var action = Defaults.constant(Action.class, value, field);
        var other = kind.placeholder().isEmpty() ? Action.Signal : Action.Redact;
        if (action != other && action != Action.Quarantine) {
            throw new InvalidSpec(field + ": write " + other + " or Quarantine");
        }
        actions.put(kind, action);
    }

    private static List<String> regions(PrivacyTransforms declared, Map<Kind, Action> actions) {
        var regions = Defaults.or(declared.phoneRegions(), List.<String>of());
        if (!regions.isEmpty() && !actions.containsKey(Kind.Phone)) {
            throw new InvalidSpec("spec.privacy.phoneRegions: they are for phone, which isn't set");
        }
        for (var region : regions) {
            if (!COUNTRIES.contains(region)) {
                throw new InvalidSpec("spec.privacy.phoneRegions: \"" + region
                        + "\" is no country; write the two letters of ISO 3166-1, such as DE");
            }
        }
        return regions.stream().distinct().sorted().toList();
    }
}
