/**
 * The strict hand-over between the operator, which decides, and the index server, which does: what a generation is
 * ({@link dev.concordance.manifest.GenerationManifest}), what one ingestion run has to do
 * ({@link dev.concordance.manifest.RunSpecification}), what a query server serves
 * ({@link dev.concordance.manifest.RoutingTable}) and what a worker reports back through the ledger
 * ({@link dev.concordance.manifest.RunReport}). Plain immutable values that are JSON on the wire; nothing here knows
 * Kubernetes, Elasticsearch clients or ONNX.
 */
@NullMarked
package dev.concordance.manifest;

import org.jspecify.annotations.NullMarked;
