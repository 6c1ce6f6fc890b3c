/**
 * What was pushed to a corpus, kept in Elasticsearch: writes whose conditions hold exactly, requests that are done once, and
 * reading on from a position. Entry classes: {@link dev.concordance.inbox.Inbox} writes, {@link dev.concordance.inbox.InboxReader}
 * reads, {@link dev.concordance.inbox.InboxErasure} erases. Knows neither HTTP nor runs.
 */
@NullMarked
package dev.concordance.inbox;

import org.jspecify.annotations.NullMarked;
