package dev.concordance.operator.elastic;

import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Throughput;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The fake that other tests rely on keeps the contract. */
final class FakeSearchBackendTest implements SearchBackendContract {
    private final FakeSearchBackend backend = new FakeSearchBackend();

    @Override
    public SearchBackend backend() {
        return backend;
    }

    @Override
    public IndexNames names() {
        return new IndexNames("cc", "docs", "handbook");
    }

    @Override
    public void put(IndexNames names, String id, Object document) {
        if (document instanceof GenerationState state) {
            backend.put(names, state);
        } else if (document instanceof ErasureReport report) {
            backend.put(names, id.substring(ErasureReport.id("").length()), report);
        } else if (document instanceof Lease lease) {
            backend.put(names, lease);
        } else if (document instanceof Throughput throughput) {
            backend.put(names, throughput);
        } else {
            backend.put(names, (RunReport) document);
        }
    }

    @Override
    public void trace(IndexNames names, Instant tracedAt) {
        backend.put(
                names,
                new GenerationState(
                        1, "r", tracedAt, 0, 0, 0, 0, 0, "s", Map.of(), List.of(), null, null, null, null, null, null,
                        tracedAt, null));
    }

    @Override
    public void search(IndexNames names, int generation) {
        backend.search(names, generation);
    }

    @Override
    public void lose(IndexNames names, String index) {
        backend.damage(names, 1);
    }
}
