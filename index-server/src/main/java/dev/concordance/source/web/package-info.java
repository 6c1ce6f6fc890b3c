/**
 * Websites as sources: what their sitemaps list and their pages link to, within a declared scope. Entry class: {@link
 * dev.concordance.source.web.WebSource}. How hosts are asked is {@link dev.concordance.source.http}'s.
 */
@NullMarked
package dev.concordance.source.web;

import org.jspecify.annotations.NullMarked;
