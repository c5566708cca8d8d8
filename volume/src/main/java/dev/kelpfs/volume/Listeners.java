package dev.kelpfs.volume;

import dev.kelpfs.core.ServerAddress;
import java.util.OptionalInt;

/**
 * Where a volume server listens. A port of 0 takes any free one; who reads flags turns "0 means the default" into the
 * real number or into an empty option first.
 *
 * @param bindHost name or address to listen on; a name is bound on all addresses that it resolves to, the empty text on
 *     every address of this machine
 * @param adminPort everything over HTTP
 * @param publicPort reads only over HTTP; empty for no second listener
 * @param metricsHost name or address of the metrics listener; empty takes {@code bindHost}
 * @param metricsPort {@code /metrics}; empty for none
 */
public record Listeners(
        String bindHost, int adminPort, OptionalInt publicPort, int grpcPort, String metricsHost, OptionalInt metricsPort) {
    private static final int DEFAULT_PORT = 8080;
    private static final int MAX_PORT = 65_535;

    public Listeners {
        if (metricsHost.isEmpty()) metricsHost = bindHost;
        check(adminPort, "port");
        publicPort.ifPresent(port -> check(port, "public port"));
        check(grpcPort, "gRPC port");
        metricsPort.ifPresent(port -> check(port, "metrics port"));
    }

    /** Port 8080, gRPC 10000 above it, no public and no metrics port. */
    public static Listeners defaults(String bindHost) {
        return new Listeners(
                bindHost, DEFAULT_PORT, OptionalInt.empty(), DEFAULT_PORT + ServerAddress.GRPC_PORT_DISTANCE, bindHost,
                OptionalInt.empty());
    }

    /** Any free ports, for tests and embedding. */
    public static Listeners anywhere(String bindHost) {
        return new Listeners(bindHost, 0, OptionalInt.empty(), 0, bindHost, OptionalInt.empty());
    }

    private static void check(int port, String what) {
        if (port < 0 || port > MAX_PORT) throw new IllegalArgumentException(what + " must be 0 to 65535, got " + port);
    }
}
