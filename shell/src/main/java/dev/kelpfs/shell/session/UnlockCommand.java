package dev.kelpfs.shell.session;

import dev.kelpfs.shell.access.AccessException;
import dev.kelpfs.shell.command.CommandException;
import dev.kelpfs.shell.command.CommandRun;
import dev.kelpfs.shell.command.ShellCommand;

/** {@code unlock}. */
public final class UnlockCommand implements ShellCommand {
    @Override
    public String name() {
        return "unlock";
    }

    @Override
    public String summary() {
        return "give the lock back";
    }

    @Override
    public String description() {
        return "Gives the lock back that the command lock has taken. Without a lock nothing happens.";
    }

    @Override
    public void run(CommandRun run) throws CommandException, AccessException {
        run.refuseArguments();
        run.session().lock().release();
    }
}
