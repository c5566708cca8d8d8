package dev.kelpfs.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Locale;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** How bad a message is, in the reference's four steps; lowest first. */
public enum Severity {
    INFO,
    WARNING,
    ERROR,
    FATAL;

    /** Makes an error line a fatal one: the process is about to end. */
    public static final Marker FATAL_MARKER = MarkerFactory.getMarker("FATAL");

    static Severity of(ILoggingEvent event) {
        int level = event.getLevel().toInt();
        if (level < Level.WARN_INT) return INFO;
        if (level < Level.ERROR_INT) return WARNING;
        boolean fatal = event.getMarkerList() != null && event.getMarkerList().contains(FATAL_MARKER);
        return fatal ? FATAL : ERROR;
    }

    /**
     * Reads the value of {@code -stderrthreshold}: a name or its number from 0.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Severity parse(String text) {
        for (Severity severity : values()) {
            boolean named = severity.name().equals(text.toUpperCase(Locale.ROOT));
            if (named || Integer.toString(severity.ordinal()).equals(text)) return severity;
        }
        throw new IllegalArgumentException("-stderrthreshold must be INFO, WARNING, ERROR or FATAL, got \"" + text + "\"");
    }

    char letter() {
        return name().charAt(0);
    }
}
