package dev.kelpfs.cli.server;

import dev.kelpfs.flags.FlagValues;
import java.util.function.Supplier;

/**
 * What a component calls itself and where it listens.
 *
 * @param advertised name or address told to others
 * @param bind name or address to listen on
 * @param metricsBind the same for the metrics port
 */
record Hosts(String advertised, String bind, String metricsBind) {
    /** By {@code -ip}, {@code -ip.bind} and {@code -metricsIp}. */
    static Hosts of(FlagValues flags, Supplier<String> detected) {
        String ip = flags.text("ip");
        return of(flags, ip.isEmpty() ? detected.get() : ip);
    }

    /** With the advertised name chosen already. */
    static Hosts of(FlagValues flags, String advertised) {
        String bind = flags.text("ip.bind").isEmpty() ? advertised : flags.text("ip.bind");
        String metrics = flags.text("metricsIp").isEmpty() ? bind : flags.text("metricsIp");
        return new Hosts(advertised, bind, metrics);
    }
}
