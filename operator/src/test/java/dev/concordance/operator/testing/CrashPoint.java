package dev.concordance.operator.testing;

import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the operator gets with what one namespace declares, to the API server and to Elasticsearch together: after a
 * number of changes none arrives any more, and it does not hear the answer to the last. What the servers hold is then what
 * they would hold if it had been killed at that moment, so one kill can come after many different changes of many
 * namespaces.
 */
public final class CrashPoint {
    private final List<String> changes = new ArrayList<>();
    private int after = Integer.MAX_VALUE;
    private int told;
    private List<String> before = List.of();

    /** What becomes of a change. */
    public enum Passage {
        /** It arrives, and is answered. */
        FREE,
        /** It arrives, and is not answered. */
        LAST,
        /** It does not arrive. */
        SHUT
    }

    /** Counts anew, and lets this many changes arrive. */
    public synchronized void set(int number) {
        before = List.copyOf(changes);
        changes.clear();
        after = number;
    }

    /** Counts anew, and lets every change arrive. */
    public void lift() {
        set(Integer.MAX_VALUE);
    }

    /** Whether no change arrives any more. */
    public synchronized boolean isReached() {
        return changes.size() >= after;
    }

    /** The changes that have arrived, in their order; Events aside. */
    public synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    /** The last change before it was last counted anew. */
    public synchronized String last() {
        return before.isEmpty() ? "nothing" : before.size() + ", " + before.getLast();
    }

    /** How many Events have arrived at all. */
    public synchronized int events() {
        return told;
    }

    /** Asks for a change of the namespace's objects. */
    public synchronized Passage pass(ApiProxy.Change change) {
        if (!change.isEvent()) {
            return pass(change.method() + " " + change.path());
        }
        if (isReached()) {
            return Passage.SHUT;
        }
        told++;
        return Passage.FREE;
    }

    /** Holds for what goes this way to Elasticsearch, too. */
    public void guard(RecordingProxy elasticsearch) {
        elasticsearch.disturb(this::isLast, Integer.MAX_VALUE, new Disturbance.Disconnect(true));
        elasticsearch.disturb(
                call -> !call.writes().isEmpty() && isReached(), Integer.MAX_VALUE, Disturbance.Refuse.with(403));
    }

    private boolean isLast(ElasticsearchCall call) {
        return !call.writes().isEmpty() && pass(call.method() + " " + call.path()) == Passage.LAST;
    }

    private synchronized Passage pass(String change) {
        if (isReached()) {
            return Passage.SHUT;
        }
        changes.add(change);
        return isReached() ? Passage.LAST : Passage.FREE;
    }
}
