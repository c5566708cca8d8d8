package dev.kelpfs.cli.command;

import dev.kelpfs.flags.FlagTable;

/** One sub-command of {@code weed}. Implementations hold no state. */
public interface Command {
    String name();

    /** An example of its use, without {@code weed} and the name: {@code -port=9333}. */
    String example();

    /** One line for the list of commands. */
    String summary();

    /** Some paragraphs for its help page. */
    String description();

    FlagTable flags();

    /** False for a command that is known by name only. */
    default boolean isBuilt() {
        return true;
    }

    /**
     * True for a tool whose user wants to see its output and nothing else: of the log only warnings are shown, unless
     * {@code -v} is given.
     */
    default boolean isQuiet() {
        return false;
    }

    /**
     * Begins, on another thread, what takes long and is needed whatever the flags say; called before they are looked at, so
     * that nothing may fail and nothing may be seen.
     */
    default void warmUp(Surroundings surroundings) {}

    /**
     * Does its work; a server returns when it was told to stop.
     *
     * @throws StartException if it cannot begin: the message is logged as fatal and the process ends with 255
     */
    ExitCode run(Invocation invocation) throws StartException;
}
