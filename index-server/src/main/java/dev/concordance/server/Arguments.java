package dev.concordance.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The arguments of a verb: {@code --name value}, and any number of {@code --mount NAME=FOLDER}. */
final class Arguments {
    private static final String MOUNT = "mount";

    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Path> mounts = new HashMap<>();

    /** Throws IllegalArgumentException that says what is wrong. */
    Arguments(String[] args, int from) {
        for (var i = from; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new IllegalArgumentException("expected --name value, found " + args[i]);
            }
            var name = args[i].substring(2);
            if (name.equals(MOUNT)) {
                var equals = args[i + 1].indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("expected --mount NAME=FOLDER, found " + args[i + 1]);
                }
                mounts.put(args[i + 1].substring(0, equals), Path.of(args[i + 1].substring(equals + 1)));
            } else {
                values.put(name, args[i + 1]);
            }
        }
    }

    /** The value of a required argument. */
    String value(String name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    /** The value of an argument that may be left out. */
    String value(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** The path that a required argument names. */
    Path path(String name) {
        return Path.of(value(name));
    }

    /** The folder of a mount; throws IllegalArgumentException for an unknown one. */
    Path mount(String name) {
        var folder = mounts.get(name);
        if (folder == null) {
            throw new IllegalArgumentException("there is no --mount " + name + "=…");
        }
        return folder;
    }
}
