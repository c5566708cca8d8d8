package dev.kelpfs.cli.logging;

import dev.kelpfs.flags.FlagValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to log, as the global flags say.
 *
 * @param verbosity 0 to 4; above 0 debugging lines too, from 3 on tracing ones, with 4 those of libraries
 * @param modules per-file verbosity
 * @param directory of log files; empty for none
 * @param alsoToStderr whether lines that go to files go to stderr as well
 * @param stderrThreshold from here on lines go to stderr in any case
 * @param maxFileBytes a file of this size is followed by a new one
 * @param maxFiles kept per severity
 * @param maxFileAge a file of this age is followed by a new one
 */
public record LogSettings(
        int verbosity, ModuleVerbosity modules, boolean json, Optional<Path> directory, boolean alsoToStderr,
        Severity stderrThreshold, long maxFileBytes, int maxFiles, Duration maxFileAge) {
    /** The verbosity at which there are no informational lines. */
    static final int WARNINGS_ONLY = -1;

    private static final long MIB = 1 << 20;

    public LogSettings {
        if (maxFileBytes < 1) throw new IllegalArgumentException("-log_max_size_mb must be at least 1");
        if (maxFiles < 1) throw new IllegalArgumentException("-log_max_files must be at least 1, got " + maxFiles);
        if (!maxFileAge.isPositive()) throw new IllegalArgumentException("-log_rotate_hours must be at least 1");
    }

    /**
     * Reads the global flags.
     *
     * @param quiet nothing below a warning unless somebody gave {@code -v}
     * @throws IllegalArgumentException if a value makes no sense; the message names the flag
     */
    public static LogSettings of(FlagValues global, boolean quiet) {
        String directory = global.text("logdir");
        boolean files = !directory.isEmpty() && !global.isOn("logtostderr");
        return new LogSettings(
                quiet && !global.isGiven("v") ? WARNINGS_ONLY : Math.clamp(global.integer("v"), 0, 4),
                ModuleVerbosity.parse(global.text("vmodule")),
                global.isOn("log_json"),
                files ? Optional.of(Path.of(directory)) : Optional.empty(),
                global.isOn("alsologtostderr"),
                Severity.parse(global.text("stderrthreshold")),
                Math.multiplyExact(Math.clamp(global.unsigned("log_max_size_mb"), 0, 1 << 30), MIB),
                Math.clamp(global.integer("log_max_files"), 0, Integer.MAX_VALUE),
                Duration.ofHours(Math.clamp(global.integer("log_rotate_hours"), 0, 1 << 20)));
    }
}
