package dev.concordance.localcluster.quickstart;

import java.io.PrintStream;

/** What the person at the terminal reads: each line with the seconds since the start. */
final class Console {
    private final PrintStream out;
    private final long startMillis;

    Console(PrintStream out, long startMillis) {
        this.out = out;
        this.startMillis = startMillis;
    }

    /** Something that is being done now. */
    void step(String sentence) {
        var seconds = (System.currentTimeMillis() - startMillis) / 1000.0;
        out.printf("%7.1fs  %s%n", seconds, sentence);
    }

    /** A line as it is. */
    void line(String text) {
        out.println(text);
    }
}
