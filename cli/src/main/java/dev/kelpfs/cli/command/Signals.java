package dev.kelpfs.cli.command;

/** How a process is told to stop or to reload. */
public interface Signals {
    /** From now on INT and TERM are for {@link #awaitStop}, and HUP runs {@code reload} instead of ending the process. */
    void take(Runnable reload);

    /** Ends the wait of {@link #awaitStop}, as a signal would. */
    void stop();

    /** Waits until somebody asks the process to stop. */
    void awaitStop() throws InterruptedException;
}
