/**
 * The latest record of each key of a Kafka topic, as documents. Entry class: {@link dev.concordance.source.kafka.KafkaSource}.
 * Only here is Kafka's client known.
 */
@NullMarked
package dev.concordance.source.kafka;

import org.jspecify.annotations.NullMarked;
