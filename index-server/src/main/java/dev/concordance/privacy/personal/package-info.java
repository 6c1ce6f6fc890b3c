/**
 * What belongs to a person: e-mail addresses, phone numbers, card and account numbers, and the numbers by which countries know
 * their people. Each is checked as far as its issuer lets one.
 */
@NullMarked
package dev.concordance.privacy.personal;

import org.jspecify.annotations.NullMarked;
