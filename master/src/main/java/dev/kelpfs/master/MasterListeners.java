package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import java.util.OptionalInt;

/**
 * Where a master listens. A port of 0 takes any free one; who reads flags turns "0 means the default" into the real
 * number or an empty option first.
 *
 * @param bindHost name or address to listen on; a name is bound on all addresses that it resolves to, the empty text is
 *     every address of the machine
 * @param metricsHost name or address of the metrics listener; the empty text takes {@code bindHost}
 * @param metricsPort {@code /metrics}; empty for none
 * @param api false leaves only status and health routes on the HTTP port
 */
public record MasterListeners(
        String bindHost, int httpPort, int grpcPort, String metricsHost, OptionalInt metricsPort, boolean api) {
    private static final int DEFAULT_PORT = 9333;
    private static final int MAX_PORT = 65_535;

    public MasterListeners {
        if (metricsHost.isEmpty()) metricsHost = bindHost;
        check(httpPort, "port");
        check(grpcPort, "gRPC port");
        metricsPort.ifPresent(port -> check(port, "metrics port"));
    }

    /** Port 9333, gRPC 10000 above it, no metrics port. */
    public static MasterListeners defaults(String bindHost) {
        return new MasterListeners(
                bindHost, DEFAULT_PORT, DEFAULT_PORT + ServerAddress.GRPC_PORT_DISTANCE, bindHost, OptionalInt.empty(), true);
    }

    /** Any free ports, for tests and embedding. */
    public static MasterListeners anywhere(String bindHost) {
        return new MasterListeners(bindHost, 0, 0, bindHost, OptionalInt.empty(), true);
    }

    private static void check(int port, String what) {
        if (port < 0 || port > MAX_PORT) throw new IllegalArgumentException(what + " must be 0 to 65535, got " + port);
    }
}
