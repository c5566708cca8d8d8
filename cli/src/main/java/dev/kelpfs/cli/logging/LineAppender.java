package dev.kelpfs.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Writes lines to stderr, to files, or to both. Safe for all threads; a line is never torn by another. */
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final LineFormat format;
    private final PrintStream err;
    private final Optional<LogFiles> files;
    private final boolean allToStderr;
    private final Severity stderrThreshold;

    /** Guards the order of lines in all targets; a lock, as virtual threads wait at it without holding their carrier. */
    private final ReentrantLock writing = new ReentrantLock();

    /** Set once a file could not be written, so that this is told once. Guarded by {@link #writing}. */
    private boolean filesFailed;

    LineAppender(
            LineFormat format, PrintStream err, Optional<LogFiles> files, boolean allToStderr, Severity stderrThreshold) {
        this.format = format;
        this.err = err;
        this.files = files;
        this.allToStderr = allToStderr;
        this.stderrThreshold = stderrThreshold;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = format.format(event);
        Severity severity = Severity.of(event);
        writing.lock();
        try {
            boolean inFile = files.isPresent() && !filesFailed && write(files.get(), severity, line, event);
            if (!inFile || allToStderr || severity.compareTo(stderrThreshold) >= 0) {
                err.print(line);
                err.flush();
            }
        } finally {
            writing.unlock();
        }
    }

    private boolean write(LogFiles target, Severity severity, String line, ILoggingEvent event) {
        try {
            target.write(severity, line, event.getInstant());
            return true;
        } catch (IOException failed) {
            filesFailed = true;
            err.println("cannot write log files, from now on lines go to stderr only: " + failed.getMessage());
            return false;
        }
    }
}
