package dev.kelpfs.cli.server;

import dev.kelpfs.cli.command.StartException;
import dev.kelpfs.flags.FlagValues;
import java.time.Duration;

/**
 * The flags of one component, whatever they are called: {@code port} of a master is {@code -port} in {@code weed master}
 * and {@code -master.port} in {@code weed server}.
 *
 * @param prefix {@code master.}, {@code volume.}, or empty
 */
record ScopedFlags(FlagValues values, String prefix) {
    private static final int MAX_PORT = 65_535;
    private static final int GRPC_DISTANCE = 10_000;

    /** What the user calls it. */
    String name(String flag) {
        return prefix + flag;
    }

    String text(String flag) {
        return values.text(name(flag));
    }

    boolean isOn(String flag) {
        return values.isOn(name(flag));
    }

    double decimal(String flag) {
        return values.decimal(name(flag));
    }

    Duration duration(String flag) {
        return values.duration(name(flag));
    }

    boolean isGiven(String flag) {
        return values.isGiven(name(flag));
    }

    /** @throws StartException if the value does not lie in the range */
    int integer(String flag, int from, int to) throws StartException {
        return (int) inRange(flag, values.integer(name(flag)), from, to);
    }

    int unsigned(String flag, int from, int to) throws StartException {
        return (int) inRange(flag, values.unsigned(name(flag)), from, to);
    }

    /** A port that must be given, 1 to 65535. */
    int port(String flag) throws StartException {
        return integer(flag, 1, MAX_PORT);
    }

    /** A port where 0 means something else. */
    int optionalPort(String flag) throws StartException {
        return integer(flag, 0, MAX_PORT);
    }

    /** The gRPC port that belongs to an HTTP port: its own flag, or 10000 above. */
    int grpcPort(int httpPort) throws StartException {
        int port = optionalPort("port.grpc");
        if (port != 0) return port;
        if (httpPort + GRPC_DISTANCE > MAX_PORT) {
            throw new StartException("-" + name("port") + "=" + httpPort + " leaves no room for the gRPC port 10000 above it; "
                    + "choose a port of at most " + (MAX_PORT - GRPC_DISTANCE) + ", or give -" + name("port.grpc"));
        }
        return httpPort + GRPC_DISTANCE;
    }

    private long inRange(String flag, long value, int from, int to) throws StartException {
        if (value >= from && value <= to) return value;
        throw new StartException("-" + name(flag) + " must be " + from + " to " + to + ", got " + value);
    }
}
