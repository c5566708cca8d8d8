package dev.kelpfs.cli.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/** Leads what libraries log through {@code java.util.logging} into the same lines as everything else. */
final class JulBridge extends Handler {
    private static final String CALLER_BOUNDARY = java.util.logging.Logger.class.getName();

    private final SimpleFormatter texts = new SimpleFormatter();

    private JulBridge() {}

    /** @param lowest what is worth leading over; the rest is dropped at its source */
    static void install(Level lowest) {
        LogManager.getLogManager().reset();
        java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
        root.setLevel(lowest);
        root.addHandler(new JulBridge());
    }

    @Override
    public void publish(LogRecord record) {
        String name = record.getLoggerName() == null ? "java" : record.getLoggerName();
        if (LoggerFactory.getLogger(name) instanceof LocationAwareLogger logger) {
            logger.log(null, CALLER_BOUNDARY, levelOf(record), texts.formatMessage(record), null, record.getThrown());
        }
    }

    private static int levelOf(LogRecord record) {
        int level = record.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) return LocationAwareLogger.ERROR_INT;
        if (level >= Level.WARNING.intValue()) return LocationAwareLogger.WARN_INT;
        return level >= Level.INFO.intValue() ? LocationAwareLogger.INFO_INT : LocationAwareLogger.DEBUG_INT;
    }

    @Override
    public void flush() {
        // Lines are flushed as they are written.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
