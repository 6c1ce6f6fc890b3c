/** What is not meant for readers: characters that nobody sees, and words that speak to a language model. */
@NullMarked
package dev.concordance.privacy.suspicious;

import org.jspecify.annotations.NullMarked;
