package dev.kelpfs.shell.command;

import dev.kelpfs.flags.FlagTable;
import dev.kelpfs.shell.access.AccessException;

/** One command of the shell. Implementations hold no state. */
public interface ShellCommand {
    /** As it is typed: {@code volume.list}. */
    String name();

    /** One line for the list of commands. */
    String summary();

    /** Some lines for its help page: what it does, and an example. */
    String description();

    default FlagTable flags() {
        return FlagTable.NONE;
    }

    /** True if it changes the cluster, so that the lock must be held. */
    default boolean needsLock() {
        return false;
    }

    /**
     * Does its work; returns when what it says is true.
     *
     * @throws CommandException if it cannot do it, or not all of it
     * @throws AccessException if a server refuses or does not answer
     * @throws InterruptedException if the shell is told to end
     */
    void run(CommandRun run) throws CommandException, AccessException, InterruptedException;
}
