package dev.concordance.embedding;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Starts ONNX Runtime once. It matches the command line of its process against a regular expression that recurses for each
 * character (1.29.0), so that one of 25 kB, with a class path in it, would end the process on a stack of usual size.
 */
final class OnnxRuntime {
    private static final long STACK_BYTES = 256L << 20;
    private static final OrtEnvironment ENVIRONMENT = start();

    private OnnxRuntime() {}

    static OrtEnvironment environment() {
        return ENVIRONMENT;
    }

    private static OrtEnvironment start() {
        // No lambda: its code would be this class's, whose initialisation waits for it.
        var start = new FutureTask<>(OrtEnvironment::getEnvironment);
        new Thread(null, start, "onnx-start", STACK_BYTES).start();
        try {
            return start.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ONNX Runtime was started", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("ONNX Runtime can't be started", e.getCause());
        }
    }
}
