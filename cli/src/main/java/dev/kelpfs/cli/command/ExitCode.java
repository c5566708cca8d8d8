package dev.kelpfs.cli.command;

/** What the process tells its parent. Source: command line, section 1. */
public enum ExitCode {
    /** Done, or stopped on request. */
    OK(0),
    /** A tool could not do what it was asked for, or not all of it; a running server found out that it must not go on. */
    FAILED(1),
    /** The command line was wrong; a usage text has been or will be shown. */
    USAGE(2),
    /** A server could not start. */
    FATAL(255);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
