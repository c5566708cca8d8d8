package dev.kelpfs.master;

/**
 * Where servers push their metrics; the master hands it to all that ask for their configuration.
 *
 * @param address {@code host:port}; empty for no pushing
 */
public record PushGateway(String address, int intervalSeconds) {
    public static final PushGateway NONE = new PushGateway("", 15);

    public PushGateway {
        if (intervalSeconds < 1) throw new IllegalArgumentException("metrics.intervalSeconds must be at least 1, got " + intervalSeconds);
    }
}
