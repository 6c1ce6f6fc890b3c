/**
 * Asks hosts that others name, for little, slowly, and only where it is allowed to. Entry class: {@link
 * dev.concordance.source.http.PoliteClient}. Nothing here knows what the answers are asked for.
 */
@NullMarked
package dev.concordance.source.http;

import org.jspecify.annotations.NullMarked;
