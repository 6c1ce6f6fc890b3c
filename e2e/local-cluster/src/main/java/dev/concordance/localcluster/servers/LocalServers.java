package dev.concordance.localcluster.servers;

import java.nio.file.Path;

/** The git server and the gateway of the local cluster as one process. */
public final class LocalServers {
    /** The repository's name in its URL. */
    public static final String REPOSITORY = "concordance";

    private LocalServers() {}

    /** {@code LocalServers GIT-PORT FOLDER GATEWAY-PORT SERVICES} serves until it is ended. */
    public static void main(String[] arguments) {
        if (arguments.length != 4) {
            throw new IllegalArgumentException("usage: LocalServers GIT-PORT FOLDER GATEWAY-PORT SERVICES");
        }
        GitServer.start(Integer.parseInt(arguments[0]), Path.of(arguments[1]), REPOSITORY, null);
        Gateway.start(Integer.parseInt(arguments[2]), Path.of(arguments[3]));
    }
}
