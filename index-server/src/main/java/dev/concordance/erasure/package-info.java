/**
 * Takes documents out of all that a corpus has in Elasticsearch, and shows by searching that they are gone. Entry class: {@link
 * dev.concordance.erasure.Erasing}. Knows neither sources nor models, and nothing of Kubernetes.
 */
@NullMarked
package dev.concordance.erasure;

import org.jspecify.annotations.NullMarked;
