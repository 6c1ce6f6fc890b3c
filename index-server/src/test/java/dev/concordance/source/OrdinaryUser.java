package dev.concordance.source;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Tests may run as root, to whom no file is closed. */
final class OrdinaryUser {
    private static final int NOBODY = 65_534;

    private OrdinaryUser() {}

    /** What may throw. */
    @FunctionalInterface
    interface Steps {
        void run() throws Exception;
    }

    /**
     * Takes steps with the rights that everybody has to files. Linux keeps the user by whom files are opened for each thread by
     * itself, and what root may do beyond others goes and comes with it (setfsuid(2), capabilities(7)). It is nothing to who
     * isn't root, and has a closed file closed already.
     */
    static void whileOne(Steps steps) throws Exception {
        var before = openFilesAs(NOBODY);
        try {
            steps.run();
        } finally {
            openFilesAs(before);
        }
    }

    /** @return by whom files were opened until now */
    @SuppressWarnings("restricted")
    private static int openFilesAs(int user) {
        var linker = Linker.nativeLinker();
        var setfsuid = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setfsuid"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            return (int) setfsuid.invokeExact(user);
        } catch (Throwable e) {
            throw new IllegalStateException("setfsuid can't be called", e);
        }
    }
}
