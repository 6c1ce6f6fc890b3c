/** Whom to trust over TLS. Entry class: {@link dev.concordance.tls.Authorities}. */
@NullMarked
package dev.concordance.tls;

import org.jspecify.annotations.NullMarked;
