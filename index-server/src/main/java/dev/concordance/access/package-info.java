/**
 * Who may see a document, and who asks: principals, access lists, and the rules of an access file. Entry classes: {@link
 * dev.concordance.access.Acl}, {@link dev.concordance.access.AccessRules} and {@link dev.concordance.access.Caller}. Whatever
 * can't be understood lets nobody in. Knows nothing of sources, indexes or requests.
 */
@NullMarked
package dev.concordance.access;

import org.jspecify.annotations.NullMarked;
