package dev.kelpfs.master.state;

import java.time.Duration;
import java.util.Optional;

/** Whether a master answers the one that leads. */
public enum Pulse {
    LEADS("leads"),
    OK("ok"),
    /** It missed three heartbeats: it has just died, is paused, or hard to reach. */
    LATE("late"),
    SILENT("does not answer"),
    /** Only the leader knows. */
    UNKNOWN("");

    private static final int LATE_HEARTBEATS = 3;
    private static final int SILENT_HEARTBEATS = 6;
    private static final Duration SILENT_AT_LEAST = Duration.ofSeconds(2);

    private final String words;

    Pulse(String words) {
        this.words = words;
    }

    /** For people; empty for {@link #UNKNOWN}. */
    public String words() {
        return words;
    }

    /** True if something is the matter with it. */
    public boolean isBad() {
        return this == LATE || this == SILENT;
    }

    /**
     * Pure.
     *
     * @param silentFor since when it has not answered, if this master knows
     * @param heartbeat the longest time between two calls of a leader to a master
     */
    public static Pulse of(boolean leads, Optional<Duration> silentFor, Duration heartbeat) {
        if (leads) return LEADS;
        if (silentFor.isEmpty()) return UNKNOWN;
        Duration silent = silentFor.get();
        Duration longest = heartbeat.multipliedBy(SILENT_HEARTBEATS);
        if (longest.compareTo(SILENT_AT_LEAST) < 0) longest = SILENT_AT_LEAST;
        if (silent.compareTo(longest) > 0) return SILENT;
        return silent.compareTo(heartbeat.multipliedBy(LATE_HEARTBEATS)) >= 0 ? LATE : OK;
    }
}
