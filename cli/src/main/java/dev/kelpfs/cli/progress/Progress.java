package dev.kelpfs.cli.progress;

import dev.kelpfs.cli.command.Surroundings;
import dev.kelpfs.cli.command.Terminals;
import dev.kelpfs.core.Ticker;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One line on stderr that is written over as the work goes on, and erased at its end. Nothing is shown if stderr is no
 * terminal, and nothing before the work has lasted half a second. Any thread may report; closing it ends the line.
 */
public final class Progress implements AutoCloseable {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final String START_OF_EMPTY_LINE = "\r\u001b[K";

    private final String what;
    private final Unit unit;
    private final PrintStream out;
    private final BooleanSupplier seen;
    private final Ticker ticker;
    private final long startNanos;
    private final long total;

    // Guarded by this.
    private long shownNanos;
    private boolean shown;
    private boolean closed;

    /** What is counted. */
    public enum Unit {
        BYTES,
        ITEMS
    }

    /**
     * @param what the work, as the line's first words
     * @param total what there is to do; 0 if nobody knows
     */
    public Progress(Surroundings world, String what, Unit unit, long total) {
        this.what = what;
        this.unit = unit;
        this.total = total;
        this.out = world.err();
        this.seen = () -> world.terminals().isTerminal(Terminals.Standard.ERR);
        this.ticker = world.ticker();
        this.startNanos = ticker.nanos();
        this.shownNanos = startNanos;
    }

    /** Says how much is done since the start. */
    public synchronized void reached(long done) {
        if (closed) return;
        Duration elapsed = ticker.since(startNanos);
        if (elapsed.compareTo(FIRST) < 0 || shown && ticker.since(shownNanos).compareTo(BETWEEN) < 0) return;
        if (!shown && !seen.getAsBoolean()) {
            closed = true;
            return;
        }
        out.print(START_OF_EMPTY_LINE + ProgressText.of(what, done, total, unit, elapsed));
        out.flush();
        shown = true;
        shownNanos = ticker.nanos();
    }

    /** Erases the line. */
    @Override
    public synchronized void close() {
        if (shown && !closed) {
            out.print(START_OF_EMPTY_LINE);
            out.flush();
        }
        closed = true;
    }
}
