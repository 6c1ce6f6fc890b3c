package dev.concordance.search;

import dev.concordance.embedding.Embedder;

/** A model that is closed when it is retired and the last search that uses it is done: its memory is not the JVM's. */
final class LoadedModel {
    private final Embedder embedder;
    /** Users, and one for not being retired; at 0 the model is closed. */
    private int holders = 1;

    private boolean retired;

    LoadedModel(Embedder embedder) {
        this.embedder = embedder;
    }

    Embedder embedder() {
        return embedder;
    }

    /** False: the model is gone. Otherwise {@link #giveBack} must follow. */
    synchronized boolean borrow() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    synchronized void giveBack() {
        if (--holders == 0) {
            embedder.close();
        }
    }

    synchronized void retire() {
        if (!retired) {
            retired = true;
            giveBack();
        }
    }
}
