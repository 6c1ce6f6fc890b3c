package dev.concordance.privacy.finding;

import dev.concordance.manifest.Privacy.Kind;

/** Something that was looked for, as a half-open range of UTF-16 units. Never holds what was found. */
public record Finding(Kind kind, int start, int end) {}
