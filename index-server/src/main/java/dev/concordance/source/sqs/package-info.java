/**
 * Queues in which the events of buckets arrive. Entry class: {@link dev.concordance.source.sqs.QueueWatch}. What an event says
 * is taken for a hint only: whoever can write to a queue can have a bucket listed, and nothing else.
 */
@NullMarked
package dev.concordance.source.sqs;

import org.jspecify.annotations.NullMarked;
