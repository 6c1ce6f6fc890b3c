/**
 * What opens a door: private keys, tokens in the forms that their issuers have published, passwords in URLs, and values that
 * are named as a secret and look like one.
 */
@NullMarked
package dev.concordance.privacy.secret;

import org.jspecify.annotations.NullMarked;
