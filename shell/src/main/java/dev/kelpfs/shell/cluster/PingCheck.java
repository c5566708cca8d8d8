package dev.kelpfs.shell.cluster;

import java.util.Locale;

/**
 * What one ping came to: one server was asked to ping another.
 *
 * @param roundTripNanos as the first server measured it; 0 if it failed
 * @param clockDeltaNanos by how much the other's clock is ahead
 * @param error empty if it went well
 */
record PingCheck(
        Kind fromKind, String from, Kind toKind, String to, long roundTripNanos, long clockDeltaNanos, String error) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** The times of an answer, each in nanoseconds since the epoch on the clock of whom it is from. */
    record Times(long startNanos, long remoteNanos, long stopNanos) {}

    static PingCheck ok(Kind fromKind, String from, Kind toKind, String to, Times times) {
        long roundTrip = times.stopNanos - times.startNanos;
        long delta = times.remoteNanos - (times.startNanos + roundTrip / 2);
        return new PingCheck(fromKind, from, toKind, to, roundTrip, delta, "");
    }

    static PingCheck failed(Kind fromKind, String from, Kind toKind, String to, String error) {
        return new PingCheck(fromKind, from, toKind, to, 0, 0, error);
    }

    boolean isOk() {
        return error.isEmpty();
    }

    @Override
    public String toString() {
        String target = fromKind == toKind ? to : toKind.words() + " " + to;
        return "checking " + fromKind.words() + " " + from + " to " + target + " ... " + (isOk()
                ? String.format(Locale.ROOT, "ok round trip %.3fms clock delta %.3fms", roundTripNanos / NANOS_PER_MILLI,
                        clockDeltaNanos / NANOS_PER_MILLI)
                : error);
    }
}
